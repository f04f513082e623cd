"""What is refused at the door: requests, sessions, rights, screens, the machine itself."""

from typing import Final

from server.refusals.declared import Refusal

REFUSALS: Final = (
    Refusal(
        400,
        "the body is not JSON, or no form: a bad boundary, too many fields, a header too long",
        "request.malformed",
    ),
    Refusal(422, "a field is missing, unknown or of the wrong form: `field` names it", "request.invalid"),
    Refusal(422, "a body, or an object in it, names more than 100 parts", "request.too_many_parts"),
    Refusal(
        422,
        "a control character in a text, or what PostgreSQL does not keep: NUL in an address, 1e-320",
        "request.unstorable",
    ),
    Refusal(413, "the body is larger than 1 MB", "request.too_large"),
    Refusal(422, "no key, or one longer than 255 characters", "idempotency_key.invalid"),
    Refusal(422, "this key was used with another body", "idempotency_key.reused"),
    Refusal(428, "the verb needs `If-Match`", "version.required"),
    Refusal(422, "`If-Match` is not a quoted version", "version.malformed"),
    Refusal(412, "the object has changed since the version that was seen", "version.stale"),
    Refusal(
        401,
        "nobody is signed in; or somebody else than `X-Person`, the id of whose act it is, where a phone's "
        "queue names one",
        "session.none",
    ),
    Refusal(401, "unknown name or wrong password, not told apart", "session.credentials"),
    Refusal(429, "too many refused sign-ins; `Retry-After` says when", "session.too_many_attempts"),
    Refusal(422, "sign-in takes `application/json` only", "session.not_json"),
    Refusal(409, "the session has ended already", "session.ended"),
    Refusal(404, "no such session of yours", "session.not_found"),
    Refusal(403, "the `X-CSRFToken` header is missing or does not match", "csrf.failed"),
    Refusal(403, "your posts do not hold this right (for this unit)", "right.missing"),
    Refusal(401, "the screen is not paired, or waited too long", "device.unknown"),
    Refusal(401, "the screen was revoked; told to that screen only", "device.access_revoked"),
    Refusal(404, "no screen shows this code", "device.not_found"),
    Refusal(422, "a screen's name has 1 to 50 characters", "device.name_invalid"),
    Refusal(409, "the screen that was offered under this key has been paired", "device.approved"),
    Refusal(409, "the screen was revoked already", "device.revoked"),
    Refusal(
        429,
        "20 screens of this source, or 100 of all, wait for approval; `Retry-After` says when the first waits no more",
        "device.too_many_waiting",
    ),
    Refusal(403, "signed in by a first password: change it first (`POST /session/password`)", "password.must_change"),
    Refusal(
        422,
        "the old password is wrong; the new one is the old one; short, well known, or the person's name",
        "password.wrong password.same password.weak",
    ),
    Refusal(409, "the password was changed by another session at the same moment", "password.changed"),
    Refusal(404, "no figure of this code, or one whose rows a screen has itself", "figure.not_found"),
    Refusal(
        405,
        "this address takes other methods: `allowed`, and the header `Allow`, name them",
        "method.not_allowed",
    ),
    Refusal(403, "the page's own token is missing or too old: reload the page", "request.forged"),
    Refusal(404, "tier, zoom or position of a tile that does not exist", "tiles.no_such_tile"),
    Refusal(503, "too many photos and files are being worked on; `Retry-After` says when", "workshop.full"),
    Refusal(
        503,
        "the process that read the file was ended, or got no turn for a minute; the same key may be sent again",
        "workshop.lost",
    ),
    Refusal(404, "no report has this query code", "query_code.not_found"),
    Refusal(
        429,
        "this address, this grid or this report has come too often: `detail` says which (`limit` for "
        "programs), `Retry-After` when again",
        "public.too_often",
    ),
    Refusal(404, "it does not exist, or not for you", "object.not_found"),
    Refusal(422, "a page's cursor or size is not valid", "page.cursor page.limit"),
    Refusal(404, "no such address in the API", "address.not_found"),
    Refusal(
        503,
        "more of the issue is past due than an action may fire first: the timer does it; `Retry-After: 1`",
        "clocks.behind",
    ),
    Refusal(409, "the action would tell more than the 200 facts of one transaction", "feed.too_many_facts"),
    Refusal(
        503,
        "the server's clock stepped, and by it something of this issue would be breached: the operator puts "
        "it right and restarts the timer (runbook), then the same key may be sent again",
        "clock.stepped",
    ),
    Refusal(503, "a lock was not had within 3 s; `Retry-After: 1`", "lock.busy"),
    Refusal(503, "the database does not answer; `Retry-After` says when", "database.unavailable"),
    Refusal(503, "a disk is full, the database's or that of photos and files: nothing was done", "disk.full"),
    Refusal(500, "a fault of ours, which is in the log; or no answer in time", "server.error"),
)
