"""The sites of a cloud: those of cloud.yaml, each replaced by what its desk declared."""

from __future__ import annotations

from cloud.registry.registry import Registry
from cloud.settings import Settings, Site
from contract import sites
from contract.declared import Factors


def known(settings: Settings, registry: Registry) -> tuple[Site, ...]:
    """Every site, those of cloud.yaml first and in their order; a declared one wins over its entry there."""
    declared = {site.id: _as_setting(site, registry.factors(site.id)) for site in registry.sites()}
    first = {site.id: _with(site, registry.factors(site.id)) for site in settings.sites}
    return tuple({**first, **declared}.values())


def find(settings: Settings, registry: Registry, name: str) -> Site | None:
    """The site of that id, if there is one."""
    return next((site for site in known(settings, registry) if site.id == name), None)


def _as_setting(site: sites.Site, factors: Factors | None) -> Site:
    """What was sealed, unchecked: a ledger may hold a province that can't be declared any more."""
    return Site.model_construct(
        id=site.id, name_zh=site.name_zh, name_en=site.name_en, tz=site.tz, province=site.province,
        factor=_grid(factors),
    )  # fmt: skip


def _with(site: Site, factors: Factors | None) -> Site:
    return site if factors is None else site.model_copy(update={"factor": _grid(factors)})


def _grid(factors: Factors | None) -> str | None:
    """The choice of the grid's factor as cloud.yaml writes it; None where nobody made one."""
    return None if factors is None else factors.grid
