"""The posts of an account and the comments under them."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from griot.channels.simulator.model import Person
from griot.core.errors import InvalidInput, NotFound

ANSWERABLE = timedelta(days=7)
KINDS = ("feed", "live", "reel")


@dataclass(slots=True)
class Post:
    """``kind``: feed, reel or live; a live that is ``over`` is no longer broadcast."""

    id: str
    kind: str
    over: bool = False


@dataclass(slots=True)
class Comment:
    """``person`` None: the account's own. ``parent``: the id of the comment that it answers."""

    id: str
    post: Post
    person: Person | None
    text: str
    at: datetime
    parent: str | None = None
    answered: bool = False
    removed: bool = False

    def answerable(self, now: datetime) -> bool:
        """Whether its time for a private reply has not passed: 7 days, under a live as long as it lasts."""
        if self.person is None or self.removed:
            return False
        return not self.post.over if self.post.kind == "live" else now - self.at <= ANSWERABLE


class Wall:
    """Everything that an account has published, and what was written under it."""

    def __init__(self) -> None:
        self.posts: dict[str, Post] = {}
        self.comments: dict[str, Comment] = {}

    def publish(self, kind: str) -> Post:
        """A new post. Raises ``InvalidInput`` for an unknown kind."""
        if kind not in KINDS:
            raise InvalidInput(f"{kind} is no kind of post: {', '.join(KINDS)}.")
        post = Post(str(18_000_000_000_000_000 + secrets.randbelow(10**14)), kind)
        self.posts[post.id] = post
        return post

    def post(self, post_id: str) -> Post:
        """Raises ``NotFound``."""
        post = self.posts.get(post_id)
        if post is None:
            raise NotFound(f"There is no post {post_id} here: publish one first.")
        return post

    def comment(
        self, post: Post, comment_id: str, person: Person | None, text: str, now: datetime, parent: str | None = None
    ) -> Comment:
        """A new comment; raises ``InvalidInput`` when the live is over, ``NotFound`` for an unknown parent."""
        if post.over:
            raise InvalidInput(f"The live {post.id} is over.")
        if parent is not None and parent not in self.comments:
            raise NotFound(f"There is no comment {parent} here.")
        comment = Comment(comment_id, post, person, text, now, parent)
        self.comments[comment.id] = comment
        return comment

    def own(self, comment_id: str, person: Person) -> Comment:
        """A comment of this person. Raises ``NotFound``."""
        comment = self.comments.get(comment_id)
        if comment is None or comment.person is not person:
            raise NotFound(f"{person.name} has no comment {comment_id} here.")
        return comment
