"""The same work over files: JSONL, CSV, XLSX and Parquet in and out, on one machine."""
