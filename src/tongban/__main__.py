"""`python -m tongban`: the command line."""

from tongban.config.cli import main

if __name__ == "__main__":
    main()
