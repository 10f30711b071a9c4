from e2e.machine.fixtures import pytest_collection_modifyitems, pytest_configure, run_folder

__all__ = ["pytest_collection_modifyitems", "pytest_configure", "run_folder"]
