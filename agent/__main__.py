"""Where the agent's program starts, in each of its forms.

python3 -I -S -B -OO FOLDER/__main__.py …   the smallest: what `run` turns itself into
python3 -I -S -B -OO FOLDER …               the same, with 2 MB more of Python's own machinery
python3 -I -S -B nodestral-agent.pyz …      from the downloaded file
"""

import sys

# Isolated mode leaves the folder of a script out of the search path, and puts a folder or zip that is run into it.
FOLDER = __file__.rpartition("/")[0] or "."
if FOLDER not in sys.path:
    sys.path.insert(0, FOLDER)

from nodestral_agent.cli import main  # noqa: E402 # the folder must be in the search path first

if __name__ == "__main__":
    sys.exit(main())
