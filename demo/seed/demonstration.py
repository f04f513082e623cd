"""What invents people or reports runs in a demonstration only: its accounts' password is printed to everybody."""

from django.conf import settings

from command.units.models import Centre


class RealInstallation(Exception):
    """This installation is a real centre's; the message says by what that is known, and what to do."""


def must_be_a_demonstration() -> None:
    """Returns where inventing does no harm. Raises RealInstallation where RELAY_MODE is real, or a real centre is kept.

    One statement at most.
    """
    if settings.ENV.mode == "real":
        raise RealInstallation(
            "this installation is a real centre (RELAY_MODE=real): nothing is seeded, replayed or invented in it, "
            "and no account gets the demonstration's password; use another installation"
        )
    real = Centre.objects.filter(is_demonstration=False).only("name", "code").first()
    if real is not None:
        raise RealInstallation(
            f"{real.name} ({real.code}) is a real centre: nothing is seeded, replayed or invented beside it; "
            "use another installation"
        )
