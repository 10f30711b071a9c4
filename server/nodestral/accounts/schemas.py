"""Sign-in and what the signed-in person is. An organization owns nodes; a member's role says what he may do there."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

Role = Literal["owner", "admin", "operator", "viewer"]


class SignIn(Struct):
    email: Annotated[str, Meta(min_length=3, max_length=254)]
    password: Annotated[str, Meta(min_length=1, max_length=1024)]


class User(Struct):
    id: str
    email: str
    name: str


class Organization(Struct):
    id: str
    name: str
    role: Role


class Session(Struct):
    """The signed-in person, the organization in view, and the server's version."""

    user: User
    organization: Organization
    expires_at: float
    server_version: str
