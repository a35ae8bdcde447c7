"""Documents read in processes of their own, so that a bad file costs nothing but itself.

`pool.py` hands files to a few persistent workers and keeps the order; `worker.py` is one of them
as the parent sees it; `child.py` is what runs in it; `wire.py` is what passes between them: JSON,
never pickle, since what reads hostile bytes may be subverted by them.
"""

from ragkit.documents.workers.pool import ReadResult, read_documents

__all__ = ["ReadResult", "read_documents"]
