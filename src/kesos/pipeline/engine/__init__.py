"""One small door to DuckDB: named, timed and openable steps over SQL files, and Arrow kernels on batches."""

from kesos.pipeline.engine.engine import PARQUET_OF_CODES, Engine, NotAMemoryLimit
from kesos.pipeline.engine.statement import BrokenStatement, Statement, read_statement
from kesos.pipeline.engine.step import Step

__all__ = ["PARQUET_OF_CODES", "BrokenStatement", "Engine", "NotAMemoryLimit", "Statement", "Step", "read_statement"]
