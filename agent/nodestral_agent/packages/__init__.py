"""The package managers' own databases: what is installed, and whose a file is. One file for each manager."""
