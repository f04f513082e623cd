"""Which places a scope sees whole, up to the class `desk`: what it may have reports of. Pure."""

from realtime.feed.contract import AudienceClass, Pair, Scope


def scope_of_place(path: str) -> Scope:
    """Everything in a place up to the class `desk`: what each reader of its reports may see anyway."""
    return Scope((Pair(f"place:{path}", AudienceClass.DESK),))


def widest_place(scope: Scope, ceiling: AudienceClass = AudienceClass.DESK) -> str | None:
    """The place nearest to the root that a scope sees whole, up to a class; None: it sees no place so."""
    places = [
        pair.token.removeprefix("place:")
        for pair in scope.pairs
        if pair.token.startswith("place:") and pair.ceiling >= ceiling
    ]
    return min(places, key=lambda path: (path.count("/"), path), default=None)


def covers(scope: Scope, path: str) -> bool:
    """Whether a scope sees all of a place up to the class `desk`."""
    steps = path.split("/")
    above = {"/".join(steps[: depth + 1]) for depth in range(len(steps))}
    return any(
        pair.token.removeprefix("place:") in above
        for pair in scope.pairs
        if pair.token.startswith("place:") and pair.ceiling >= AudienceClass.DESK
    )
