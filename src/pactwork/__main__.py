"""``python -m pactwork`` is the ``pactwork`` command."""

from pactwork.cli import main

if __name__ == "__main__":
    main()
