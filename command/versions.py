"""Whether an edit was made on the version that is locked now (`If-Match`)."""

from realtime.feed.errors import StaleVersion, VersionRequired


def must_match(expected: int | None, seen: int) -> None:
    """Returns if the actor saw the version that was locked. Raises VersionRequired, StaleVersion.

    seen    the version at the lock: what the action itself fires first (a clock that ran out) makes none stale
    """
    if expected is None:
        raise VersionRequired(
            "version.required", "缺少 If-Match 请求头。", field="If-Match", remedy="带上您看到的版本号再提交。"
        )
    if expected != seen:
        raise StaleVersion(
            "version.stale",
            "您看到的内容已被他人更新，请核对后再操作。",
            field="If-Match",
            remedy="刷新后确认最新内容，再次提交。",
            extra={"version": seen, "expected": expected},
        )
