"""E-mails that are due go to the installation's mail server."""

from email.message import EmailMessage
from email.utils import format_datetime
from urllib.parse import unquote, urlsplit

import aiosmtplib

from griot.core import logs
from griot.core.house import House
from griot.core.settings import Settings
from griot.tools.mails import service
from griot.tools.mails.models import Mail
from griot.worker.doors import shops_behind

log = logs.get(__name__)

PATIENCE = 20.0  # seconds for the whole conversation with the server


async def mail_due(house: House) -> int:
    """Send what is due, if the installation has a mail server; how many mails a server has taken."""
    if house.config.smtp_url is None:
        return 0
    sent = 0
    for shop_id in await shops_behind(house, "door_mails(%s)", house.clock.now()):
        async with house.db.transaction(shop_id) as tx:
            mails = await service.claim(tx, house.clock.now())
        for mail in mails:
            sent += await _send(house, shop_id, mail)
    return sent


async def _send(house: House, shop_id: int, mail: Mail) -> bool:
    trouble, retry = "", True
    try:
        await _deliver(house.config, mail)
    except aiosmtplib.SMTPResponseException as error:
        trouble, retry = f"{error.code} {error.message}", error.code < 500
    except (aiosmtplib.SMTPException, OSError) as error:
        trouble = f"{type(error).__name__}: {error}"
    now = house.clock.now()
    async with house.db.transaction(shop_id) as tx:
        if not trouble:
            await service.record_sent(tx, mail, now)
            return True
        await service.record_failed(tx, mail, trouble, retry=retry, now=now)
    log.warning("a mail could not be sent", shop_id=shop_id, mail=mail.id, trouble=trouble)
    return False


async def _deliver(config: Settings, mail: Mail) -> None:
    assert config.smtp_url is not None
    server = urlsplit(config.smtp_url.get_secret_value())
    message = EmailMessage()
    message["From"] = config.mail_from
    message["To"] = mail.recipient
    message["Subject"] = mail.subject
    message["Date"] = format_datetime(mail.written_at)
    message["Message-ID"] = mail.message_id
    message.set_content(mail.body)
    await aiosmtplib.send(
        message,
        hostname=server.hostname,
        port=server.port,
        username=unquote(server.username) if server.username else None,
        password=unquote(server.password) if server.password else None,
        use_tls=server.scheme == "smtps",
        timeout=PATIENCE,
    )
