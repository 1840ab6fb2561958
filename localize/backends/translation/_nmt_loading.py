"""What the libraries that run models on this machine have in common: what can run, and how a market is served."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING

from localize.backends.asr._hardware import here
from localize.backends.translation import _nmt_models as nmt
from localize.backends.translation._nmt_hardware import Running, running
from localize.errors import SetupError
from localize.model_cards import PIVOT, Installed
from localize.roles import Availability

if TYPE_CHECKING:
    from localize.backends.translation._nmt_lines import Cascade, Hop


@dataclass(frozen=True, slots=True)
class Library:
    """One library that runs models here.

    ``packages`` and the command that installs them, which models it is ``able`` to run and what they are ``called``;
    ``fetching`` tells for markets how to get some.
    """

    name: str
    packages: tuple[str, ...]
    install: str
    able: nmt.Able
    called: str
    fetching: Callable[[Sequence[str]], str]

    def available(self, options: Mapping[str, str]) -> Availability:
        """Whether it can run here: installed, with a model for one of the markets, and memory for them all."""
        lacking = next((name for name in self.packages if find_spec(name) is None), "")
        if lacking:
            return Availability(False, f"the package {lacking} is not installed", self.install)
        found, passed = nmt.routes(self.able, options), nmt.passed_over(self.able, options)
        if not found:
            names = f" of {', '.join(nmt.wanted(options))}" if nmt.wanted(options) else ""
            codes = nmt.markets(options)
            what = f"no {self.called}{names} is here for {', '.join(codes)}{passed}"
            return Availability(False, what, self.fetching(codes))
        try:
            how = self.running(options)
        except SetupError as error:
            return Availability(False, error.what, error.fix)
        return Availability(True, nmt.told_of(found, options) + how.told + passed)

    def running(self, options: Mapping[str, str]) -> Running:
        """How its models run side by side.  Raises ``SetupError``."""
        return running(self.name, nmt.together(self.able, options), here(), options)

    def identity(self, options: Mapping[str, str]) -> dict[str, str]:
        """The models by digest and the number type; a batch changes no answer but for the last bit of a score."""
        compute = self.running(options).compute if nmt.together(self.able, options) else ""
        return {"compute": compute, **nmt.identity(self.able, options)}

    def loaded(self, options: Mapping[str, str]) -> tuple[nmt.Route, Running]:
        """How the market in ``options`` is served, its models checked.  Raises ``SetupError``."""
        market = next(iter(nmt.markets(options)))
        route = nmt.routes(self.able, options).get(market)
        if route is None:
            where, fix = f"translation engine {self.name}", "see localize models list"
            raise SetupError(f"no {self.called} is here for {market}", where, fix)
        how = self.running(options)
        for one in route.hops:
            one.check()
        return route, how


def cascade(route: nmt.Route, hop: Callable[[Installed, str, str], Hop], whole: bool = False) -> Cascade:
    """The hops of a route, and the one that translates from English where its last model does."""
    from localize.backends.translation._nmt_lines import Cascade

    between = zip(route.hops, route.languages, route.languages[1:], strict=False)
    hops = tuple(hop(*one) for one in between)
    onward = hops[-1] if len(hops) > 1 else hop(route.hops[0], PIVOT, route.languages[-1]) if route.onward else None
    return Cascade(hops, whole, onward)
