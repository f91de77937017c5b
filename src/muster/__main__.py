"""`python -m muster` is `muster`."""

from muster.cli import main

if __name__ == "__main__":  # a process that this one starts loads it under another name
    main()
