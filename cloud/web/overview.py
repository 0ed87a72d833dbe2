"""Routes about the cloud as a whole: its health, its sites, the factors that ship with it."""

from __future__ import annotations

from fastapi import APIRouter, Response

from cloud.figures import meter_energy
from cloud.reference import factors
from cloud.web.answers import ready
from cloud.web.documented import OTHER
from cloud.web.models.factors import Factors
from cloud.web.models.health import Health
from cloud.web.models.sites import Sites
from cloud.web.service_source import Asked

router = APIRouter(prefix="/api/v1", tags=["v1"], responses=OTHER)


@router.get("/health", response_model=Health, summary="How the cloud is, and how far it has come")
def health(source: Asked) -> Response:
    """Counts since the start, what the ledger holds, every node with its streams."""
    return ready(source.health())


@router.get("/sites", response_model=Sites, summary="The sites of cloud.yaml and of desks")
def sites(source: Asked) -> Response:
    """Their ids, names, zones and provinces."""
    return ready(source.sites())


@router.get(
    "/factors",
    response_model=Factors,
    summary="Every emission factor and coefficient with its document",
)
def all_factors() -> Response:
    """Those that may be used and those that may not, each with its mark of trust."""
    grid = [meter_energy.describe(factor) for factor in factors.shipped()]
    coefficients = [item.record() for item in factors.tables().coefficients]
    return ready({"factors": grid, "coefficients": coefficients})
