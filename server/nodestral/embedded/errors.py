"""What can go wrong with the embedded services, each as a sentence for the person who started them.

EmbeddedError
├── AlreadyRunning      another process of this machine uses the same data folder
├── WrongData           the data folder holds something that this version must not touch
└── StartFailed         the program ended or did not get ready; carries the end of its log
"""


class EmbeddedError(Exception):
    """The message says what is wrong and what to do."""


class AlreadyRunning(EmbeddedError):
    pass


class WrongData(EmbeddedError):
    pass


class StartFailed(EmbeddedError):
    pass
