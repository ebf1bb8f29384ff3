"""Trains floret: fastText with another table of subwords, here without any. See fasttext_worker.py."""

from fasttext_worker import main

if __name__ == "__main__":
    main("floret")
