"""What goes wrong in the harness itself.

HarnessError
├── Unable      this computer cannot run the machine tests; says what is missing
├── CommandError   a program ended with another status than 0; carries its output
└── LateError   something that was waited for did not happen; says what was seen last
"""

import subprocess


class HarnessError(Exception):
    pass


class CommandError(HarnessError):
    def __init__(self, what: str, result: subprocess.CompletedProcess[str]) -> None:
        super().__init__(f"{what} ended with status {result.returncode}\n{result.stdout}{result.stderr}".rstrip())
        self.result = result


class LateError(HarnessError):
    pass
