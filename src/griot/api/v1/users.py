"""Who works in the shop, and the keys of its programs. For owners."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field

from griot.api.v1.access import Needs
from griot.api.v1.shapes import Number, Shown
from griot.tools.users import keys, queries, service
from griot.tools.users.door import Door
from griot.tools.users.models import Role

router = APIRouter(tags=["users"])

Reading = Annotated[Door, Depends(Needs("users:read"))]
Writing = Annotated[Door, Depends(Needs("users:write"))]


class User(Shown):
    id: int = Field(validation_alias="user_id", examples=[7])
    email: str = Field(examples=["binta@example.com"])
    name: str = Field(examples=["Binta"])
    role: Role
    created_at: datetime


class NewUser(BaseModel):
    email: str = Field(max_length=254, examples=["binta@example.com"])
    name: str = Field(min_length=1, max_length=80, examples=["Binta"])
    role: Role


class Added(Shown):
    user: User
    password: str | None = Field(
        examples=["abc-def-ghj-k23"], description="Temporary, shown this once; none: they have one of their own."
    )


class NewRole(BaseModel):
    role: Role


class Temporary(Shown):
    password: str = Field(examples=["abc-def-ghj-k23"], description="Temporary, shown this once.")


class Key(Shown):
    id: int = Field(examples=[3])
    name: str = Field(examples=["webshop"])
    scopes: list[str] = Field(examples=[["orders:read"]])
    created_at: datetime
    used_at: datetime | None
    revoked_at: datetime | None


class NewKey(BaseModel):
    name: str = Field(min_length=1, max_length=60, examples=["webshop"])
    scopes: list[Annotated[str, Field(max_length=40)]] = Field(
        min_length=1, max_length=40, examples=[["catalogue:read", "orders:read"]]
    )


class MadeKey(Shown):
    made: Key
    key: str = Field(examples=["griot_12_…"], description="Shown this once.")


@router.get("/users")
async def list_users(door: Reading) -> list[User]:
    """Everybody who works in the shop."""
    async with door.transaction() as tx:
        return [User.model_validate(member) for member in await queries.members(tx)]


@router.post("/users", status_code=201)
async def add_user(door: Writing, given: NewUser) -> Added:
    """Give somebody a role in the shop. Who is new gets a temporary password."""
    member, password = await service.add(
        door.house, door.access.shop_id, email=given.email, name=given.name, role=given.role, by=door.user_id
    )
    return Added(user=User.model_validate(member), password=password)


@router.patch("/users/{user}")
async def set_role(door: Writing, user: Number, given: NewRole) -> User:
    """Another role. The shop keeps at least one owner."""
    member = await service.set_role(door.house, door.access.shop_id, user, given.role, by=door.user_id)
    return User.model_validate(member)


@router.delete("/users/{user}", status_code=204)
async def remove_user(door: Writing, user: Number) -> None:
    """Let somebody go: they work here no more, from this moment on."""
    await service.remove(door.house, door.access.shop_id, user, by=door.user_id)


@router.post("/users/{user}/reset")
async def reset_password(door: Writing, user: Number) -> Temporary:
    """A temporary password for somebody who cannot get in; whatever they are logged in with ends."""
    password = await service.reset_password(door.house, door.access.shop_id, user, by=door.user_id)
    return Temporary(password=password)


@router.get("/keys")
async def list_keys(door: Reading) -> list[Key]:
    """The keys that the shop has had, without the keys themselves."""
    async with door.transaction() as tx:
        return [Key.model_validate(item) for item in await queries.keys(tx)]


@router.post("/keys", status_code=201)
async def make_key(door: Writing, given: NewKey) -> MadeKey:
    """Make a key of the public API."""
    async with door.transaction() as tx:
        made, key = await keys.make(tx, given.name, given.scopes, door.now)
    return MadeKey(made=Key.model_validate(made), key=key)


@router.delete("/keys/{key}", status_code=204)
async def revoke_key(door: Writing, key: Number) -> None:
    """End a key: it opens nothing from here on."""
    async with door.transaction() as tx:
        await keys.revoke(tx, key, door.now)
