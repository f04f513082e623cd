"""Rows of people, posts, devices, API clients and sign-ins."""

import uuid
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import CheckConstraint, F, Index, Q, UniqueConstraint

from command.access import Role


class Person(AbstractBaseUser):
    """Somebody who works with the centre and can sign in. What they may do comes from posts, not from here.

    `access_version` grows with every change of what the person may see; tickets of an older one are closed.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    centre = models.ForeignKey("organisations.Centre", on_delete=models.PROTECT, related_name="people")
    username = models.TextField()
    name = models.TextField()
    phone = models.TextField(null=True)  # of the person at work: told to the administrator only
    is_active = models.BooleanField(default=True)
    must_change_password = models.BooleanField(default=False)  # it was made for them: good for one sign-in
    access_version = models.PositiveIntegerField(default=0)
    last_login = None  # signing in does not change the person; sign-ins are rows of their own

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects = BaseUserManager()

    class Meta:
        constraints: ClassVar = [
            UniqueConstraint(name="username_is_given_once", fields=["username"]),
            UniqueConstraint(name="phone_belongs_to_one_person", fields=["centre", "phone"]),
            CheckConstraint(name="person_has_a_username", condition=~Q(username="")),
            CheckConstraint(name="person_without_a_phone_has_none", condition=~Q(phone="")),
        ]


class Post(models.Model):
    """A role in a unit, held by one person for a time. Posts point to cells, not cells to people."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="posts")
    unit = models.ForeignKey("organisations.Unit", on_delete=models.PROTECT, related_name="posts")
    role = models.TextField(choices=[(role.value, role.value) for role in Role])
    cell = models.ForeignKey("grid.Cell", on_delete=models.PROTECT, null=True, related_name="+")
    active_from = models.DateTimeField()
    active_until = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            CheckConstraint(name="post_role_is_known", condition=Q(role__in=[role.value for role in Role])),
            CheckConstraint(
                name="post_ends_after_it_began", condition=Q(active_until=None) | Q(active_until__gt=F("active_from"))
            ),
            CheckConstraint(
                name="post_of_a_place_names_it",
                condition=~Q(role__in=["township_desk", "grid_member"]) | Q(cell__isnull=False),
            ),
            UniqueConstraint(
                name="person_holds_a_post_once", fields=["person", "unit", "role"], condition=Q(active_until=None)
            ),
            UniqueConstraint(name="post_is_of_one_unit", fields=["id", "unit"]),  # rosters name both, by a foreign key
        ]


class Delegation(models.Model):
    """The duty lead's approvals, given to the holder of a post until a time: no night is without somebody to decide."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="delegations")
    given_by = models.TextField()  # principal
    given_at = models.DateTimeField()
    until = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)  # taken back before `until`

    class Meta:
        constraints: ClassVar = [
            CheckConstraint(name="delegation_ends_after_it_began", condition=Q(until__gt=F("given_at"))),
            CheckConstraint(
                name="delegation_is_taken_back_after_it_began",
                condition=Q(ended_at=None) | Q(ended_at__gte=F("given_at")),
            ),
        ]
        indexes: ClassVar = [Index(name="delegation_of_post", fields=["post", "until"])]


class Device(models.Model):
    """A screen that signs in as itself: made by the screen, approved by a duty lead by its code, revocable."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    centre = models.ForeignKey("organisations.Centre", on_delete=models.PROTECT, null=True, related_name="devices")
    name = models.TextField(default="")
    secret_hash = models.BinaryField()  # sha256: the secret is 32 random bytes, nothing to guess
    offer_hash = models.BinaryField(null=True)  # sha256 of its key; null: offered before there were any
    code = models.TextField(null=True)  # shown on the screen until approved
    offered_from = models.BinaryField(null=True)  # keyed digest of the source of its network; null once approved
    made_at = models.DateTimeField()
    approved_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    access_version = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            UniqueConstraint(name="screen_is_offered_once_per_key", fields=["offer_hash"]),
            UniqueConstraint(name="pairing_code_waits_once", fields=["code"], condition=Q(approved_at=None)),
            CheckConstraint(
                name="approved_device_has_centre_and_approver",
                condition=Q(approved_at=None) | (Q(centre__isnull=False) & Q(approved_by__isnull=False)),
            ),
            CheckConstraint(
                name="waiting_device_shows_a_code", condition=Q(code__isnull=False) | Q(approved_at__isnull=False)
            ),
            CheckConstraint(
                name="only_an_approved_device_is_revoked", condition=Q(revoked_at=None) | ~Q(approved_at=None)
            ),
        ]


class ApiClient(models.Model):
    """Another system that files reports over HTTP, through the channels that it was given."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    centre = models.ForeignKey("organisations.Centre", on_delete=models.PROTECT, related_name="api_clients")
    name = models.TextField()
    channels = ArrayField(models.TextField())
    key_hash = models.BinaryField()  # sha256: the key is 32 random bytes, nothing to guess
    made_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=0)  # of its fact; 0: made by an operator

    class Meta:
        constraints: ClassVar = [
            UniqueConstraint(name="api_key_is_given_once", fields=["key_hash"]),
            CheckConstraint(name="api_client_has_a_channel", condition=~Q(channels=[])),
        ]


class SignIn(models.Model):
    """One session of a person, from signing in to its end. Its id is what tickets and `session.ended` name."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="sign_ins")
    began_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            Index(name="sign_in_still_open", fields=["expires_at"], condition=Q(ended_at=None)),
            Index(name="sign_in_lately_ended", fields=["ended_at"], condition=Q(ended_at__isnull=False)),
        ]


class SignInFailure(models.Model):
    """One refused attempt to sign in. The name is kept as a digest: people type passwords into the wrong box."""

    username_digest = models.BinaryField()
    address = models.TextField()
    at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [
            Index(name="failure_by_username", fields=["username_digest", "at"]),
            Index(name="failure_by_address", fields=["address", "at"]),
            Index(name="failure_by_age", fields=["at"]),
        ]
