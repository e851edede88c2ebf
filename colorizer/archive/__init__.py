"""Very many photographs: listed, planned, coloured on Dask and written down in a manifest.

The packages that this one imports (distributed, fsspec, pyarrow) come with the extra `archive`.
"""
