"""`python3 FOLDER-OR-PYZ …` runs the agent's command line."""

import sys

from nodestral_agent.cli import main

if __name__ == "__main__":
    sys.exit(main())
