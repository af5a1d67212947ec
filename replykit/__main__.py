"""`python -m replykit`."""

from replykit.cli import main

if __name__ == "__main__":  # worker processes of a batch import this module again
    main()
