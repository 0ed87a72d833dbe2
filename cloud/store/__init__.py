"""Stores: projections of the ledger for charts. One that is down, wrong or lost stops nothing and is made anew."""

from __future__ import annotations

from cloud.settings import Influx, Settings
from cloud.store.base import Column, Store, StoreDown, StoreRefuses

__all__ = ["Column", "Store", "StoreDown", "StoreRefuses", "open_store"]


def open_store(settings: Settings) -> Store:
    """The store that cloud.yaml names. Raises BadInput for a token file that can't be read."""
    chosen = settings.store
    if isinstance(chosen, Influx):
        from cloud.store.influx import InfluxStore

        return InfluxStore(chosen.url, settings.secret(chosen.token_file), chosen.org, chosen.bucket)
    from cloud.store.parquet import ParquetStore

    return ParquetStore(settings.store_folder / "parquet")
