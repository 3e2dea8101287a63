"""``python -m storycluster`` is the command line."""

from storycluster.cli import main

if __name__ == "__main__":
    main()
