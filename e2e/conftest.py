from e2e.machine.fixtures import fleet, pytest_collection_modifyitems, pytest_configure, run_folder

__all__ = ["fleet", "pytest_collection_modifyitems", "pytest_configure", "run_folder"]
