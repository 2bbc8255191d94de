"""The simulator itself: the accounts of businesses in one world."""

from typing import Any

from griot.channels.simulator.accounts import Account
from griot.channels.simulator.instagram import InstagramAccount
from griot.channels.simulator.messenger import Page
from griot.channels.simulator.poster import Poster
from griot.channels.simulator.whatsapp.messages import Template
from griot.channels.simulator.whatsapp.number import Number
from griot.channels.simulator.world import World
from griot.core.clock import Clock, SystemClock
from griot.core.errors import Conflict, InvalidInput, NotFound

PLATFORMS: dict[str, type[Account]] = {platform.platform: platform for platform in (Number, InstagramAccount, Page)}


class Simulator(World):
    """Meta and the buyers' phones in one object. Lives in one event loop; ``close`` it in the end.

    ``poster`` sends the webhooks (a benchmark gives one that measures).
    """

    def __init__(self, clock: Clock | None = None, *, graph_url: str = "", poster: Poster | None = None) -> None:
        super().__init__(clock or SystemClock(), graph_url, poster or Poster())
        self.accounts: dict[str, Account] = {}

    def create_account(
        self,
        account_id: str,
        *,
        token: str,
        app_secret: str,
        webhook_url: str,
        platform: str = "whatsapp",
        **settings: Any,
    ) -> Account:
        """Register an account: the id of a WhatsApp number, an Instagram professional account or a Facebook page.

        One that exists gets the new credentials and keeps its conversations. ``settings``: what the platform wants to
        know of an account (``identity``), and fields of its ``Behaviour``. Raises ``InvalidInput`` when one is unknown.
        """
        kind = PLATFORMS.get(platform)
        if kind is None:
            raise InvalidInput(f"{platform} is no platform: {', '.join(PLATFORMS)}.")
        identity = {name: settings.pop(name) for name in kind.identity & settings.keys()}
        account = self.accounts.get(account_id) or kind(account_id, self, **identity)
        if account.platform != platform:
            raise Conflict(f"{account_id} is an account of {account.platform}.")
        account.behaviour.change(**settings)
        account.token, account.outlet.url, account.outlet.secret = token, webhook_url, app_secret
        self.accounts[account_id] = account
        return account

    def account(self, account_id: str) -> Account:
        """Raises ``NotFound``."""
        found = self.accounts.get(account_id)
        if found is None:
            raise NotFound(f"There is no account {account_id} here: create it first.")
        return found

    def accounts_of(self, token: str) -> list[Account]:
        """The accounts a Bearer token is good for."""
        return [account for account in self.accounts.values() if account.token == token]

    def add_template(self, account_id: str, template: Template) -> None:
        """Approve a template for a WhatsApp number."""
        account = self.account(account_id)
        if not isinstance(account, Number):
            raise InvalidInput(f"There are no templates to approve on {account.platform}.")
        account.templates[template.name, template.language] = template

    async def drained(self) -> None:
        """Return once every webhook so far was received (or given up)."""
        for account in self.accounts.values():
            await account.outlet.drained()

    async def close(self) -> None:
        """Stop everything; webhooks not yet received are lost."""
        for account in self.accounts.values():
            await account.outlet.close()
            for thread in account.threads.values():
                thread.wake()
        self.poster.close()
