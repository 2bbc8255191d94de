"""Every variable of an installation, in one place. docs/reference/settings.md is written from it."""

from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class ModelEndpoint(BaseModel):
    """A language model behind an OpenAI-compatible address. ``path``: how decisions are asked for."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    url: str
    name: str
    key: SecretStr | None = None
    path: Literal["tools", "schema"] = "tools"


class Settings(BaseSettings):
    """Read from the environment (``GRIOT_…``) and from a file ``.env``; secrets are never printed."""

    model_config = SettingsConfigDict(env_prefix="GRIOT_", env_file=".env", extra="ignore", populate_by_name=True)

    data_dir: Path = Field(Path(".griot"), description="Folder of the embedded database, generated keys and media.")
    cache_dir: Path = Field(
        Path("~/.cache/griot"), description="Folder of what can be made again, such as the trained interpreter."
    )
    database_url: SecretStr | None = Field(
        None,
        validation_alias="DATABASE_URL",
        description="PostgreSQL instead of the embedded one, as the owner of the schema or a member of griot_app.",
    )
    database_pool: int = Field(8, ge=2, description="Connections a process keeps at most.")
    public_url: str = Field(
        "http://127.0.0.1:8000", description="Address under which buyers and providers reach the API."
    )
    console_url: str = Field(
        "http://127.0.0.1:8002", description="Address under which vendors reach the console; messages link to it."
    )
    smtp_url: SecretStr | None = Field(
        None,
        description="Mail server: `smtp://user:password@host:587` (STARTTLS where it is offered) or `smtps://…:465`;"
        " none: no e-mails.",
    )
    mail_from: str = Field("Griot <griot@localhost>", description="Sender of e-mails.")
    host: str = Field("127.0.0.1", description="Address the API listens on.")
    port: int = Field(8000, ge=0, le=65535, description="Port the API listens on; 0 takes a free one.")
    console_port: int = Field(8002, ge=0, le=65535, description="Port the console listens on; 0 takes a free one.")
    clock: str = Field(
        "system", description="`system`, or `60@<ISO time>` for a clock that runs 60 times as fast since then."
    )
    secret_key: SecretStr | None = Field(
        None, description="Signs links and encrypts credentials; generated into the data folder when absent."
    )

    whatsapp_app_secret: SecretStr | None = Field(
        None, description="Secret of the Meta app that signs WhatsApp webhooks."
    )
    whatsapp_verify_token: SecretStr | None = Field(
        None, description="Token that Meta repeats when a webhook is verified."
    )
    instagram_app_secret: SecretStr | None = Field(
        None, description="Secret that signs Instagram webhooks, when it is not that of WhatsApp's Meta app."
    )
    instagram_verify_token: SecretStr | None = Field(
        None, description="Verify token of the Instagram webhook, when it is not that of WhatsApp's."
    )
    messenger_app_secret: SecretStr | None = Field(
        None, description="Secret that signs Messenger webhooks, when it is not that of WhatsApp's Meta app."
    )
    messenger_verify_token: SecretStr | None = Field(
        None, description="Verify token of the Messenger webhook, when it is not that of WhatsApp's."
    )
    graph_url: str = Field("https://graph.facebook.com", description="Base address of Meta's Graph API.")
    instagram_graph_url: str | None = Field(
        None,
        description="Base address for Instagram: `https://graph.instagram.com` for accounts connected with Instagram"
        " Login. Left out, that of the Graph API: accounts connected through their Facebook page.",
    )
    graph_version: str = Field("v24.0", description="Version of the Graph API.")
    send_timeout: float = Field(10.0, gt=0, description="Seconds to wait for a channel's answer to a message.")
    send_grace: float = Field(
        20.0, gt=0, description="Seconds to wait for a status webhook before a message without answer is sent again."
    )
    max_body_bytes: int = Field(
        3 * 1024 * 1024, gt=0, description="Largest webhook body accepted (Meta sends up to 3 MB)."
    )
    burst_ms: int = Field(250, ge=0, description="How long a turn waits for further messages of the same burst.")

    simulator_url: str = Field(
        "",
        description="Address of the channels' simulator, such as `http://127.0.0.1:8001`, for the phone of the console;"
        " none: it has no phone.",
    )

    sandbox_url: str = Field("http://127.0.0.1:8001/psp", description="Base address of the sandbox payment provider.")
    sandbox_key: SecretStr = Field(SecretStr("sandbox"), description="Key shared with the sandbox payment provider.")
    provider_timeout: float = Field(10.0, gt=0, description="Seconds to wait for a payment provider's answer.")
    payment_poll: float = Field(
        20.0, gt=0, description="Seconds after which a payment without notice is asked about at the provider."
    )
    provider_addresses: str = Field(
        "", description="Addresses or networks payment notices may come from, comma separated; empty: anywhere."
    )

    model_url: str = Field(
        "", description="Address of an OpenAI-compatible endpoint, up to `/v1`; none: the offline interpreter decides."
    )
    model_name: str = Field("", description="Name of the model at that endpoint.")
    model_key: SecretStr | None = Field(None, description="Key of that endpoint.")
    model_path: Literal["tools", "schema"] = Field(
        "tools", description="How decisions are asked for: `tools`, or `schema` for small local models."
    )
    models: dict[str, ModelEndpoint] = Field(
        {},
        description='Further endpoints that shops may choose by name, as JSON: `{"small": {"url", "name", "key"?, '
        '"path"?}}`. Holds keys.',
    )
    model_timeout: float = Field(8.0, gt=0, description="Seconds to wait for one answer of a model.")
    model_calls: int = Field(3, ge=1, description="Answers of a model a turn may take, look-ups included.")
    model_tokens: int = Field(400, ge=16, description="Tokens a model may write in one answer.")
    model_turn_tokens: int = Field(
        12_000, ge=1000, description="Tokens a turn may spend, read and written, before no further answer is asked for."
    )
    model_turn_seconds: float = Field(
        12.0, gt=0, description="Seconds a turn may think; then the offline interpreter decides."
    )
    model_daily_tokens: int = Field(
        0, ge=0, description="Tokens a shop may spend a day and process; then the interpreter decides alone. 0: no end."
    )
    model_temperature: float = Field(
        0.0, ge=-1, le=2, description="Temperature asked for; -1 asks for none, for models that refuse one."
    )

    embedder: Literal["embedded", "sentence-transformers", "openai"] = Field(
        "embedded", description="Where meanings come from: `embedded`, `sentence-transformers` or `openai`."
    )
    embedder_model: str = Field("", description="Name or folder of the embedding model; not for the embedded one.")
    embedder_url: str = Field("", description="Address of an OpenAI-compatible embeddings endpoint, up to `/v1`.")
    embedder_key: SecretStr | None = Field(None, description="Key of that endpoint.")
    embedder_timeout: float = Field(10.0, gt=0, description="Seconds to wait for one answer of that endpoint.")

    import_contact: str = Field(
        "", description="Address or e-mail that imports name to the shops they read; none: the public URL."
    )
    import_allow_loopback: bool = Field(
        False, description="Let imports read this machine's own addresses, at any port: for a test shop only."
    )

    voice_ear: str = Field(
        "whisper-base",
        description="Model that hears: `whisper-base`, or the folder of another faster-whisper model; empty: none, and"
        " voice notes go to the vendor.",
    )
    voice_speakers: dict[str, str] = Field(
        {"fr": "kokoro:ff_siwis", "en": "kokoro:af_heart"},
        description="Voice of each language: `kokoro:NAME`, `piper:joe` or `piper:FILE.onnx`; as JSON.",
    )
    voice_dir: Path | None = Field(
        None, description="Folder with files of speech models, looked into before they are fetched from elsewhere."
    )
    voice_largest: int = Field(16 * 1024 * 1024, gt=0, description="Largest voice note that is fetched, in bytes.")
    voice_patience: float = Field(
        60.0, gt=0, description="Seconds a turn waits for a voice note to be heard; then a human listens to it."
    )

    rate_webhooks: int = Field(2000, gt=0, description="Webhook deliveries a second accepted from one source address.")
    rate_pages: int = Field(20, gt=0, description="Payment page requests a second accepted from one source address.")
    rate_api: int = Field(100, gt=0, description="REST requests a second accepted from one source address.")
    rate_console: int = Field(20, gt=0, description="Acts and looks a second that a login of the console may ask for.")
    trust_proxy: bool = Field(
        False, description="Take the client's address from X-Forwarded-For (behind a proxy only)."
    )
    metrics_port: int = Field(0, ge=0, le=65535, description="Port of the worker's health and metrics; 0: none.")
    log_level: str = Field("INFO", description="DEBUG, INFO, WARNING or ERROR.")

    def app_secret(self, channel: str) -> str | None:
        """What signs the webhooks of a channel of Meta: its own secret, else that of WhatsApp's app."""
        return _told(getattr(self, f"{channel}_app_secret", None) or self.whatsapp_app_secret)

    def verify_token(self, channel: str) -> str | None:
        """What Meta repeats when it verifies the webhook of a channel: its own token, else WhatsApp's."""
        return _told(getattr(self, f"{channel}_verify_token", None) or self.whatsapp_verify_token)

    def graph_of(self, channel: str) -> str:
        """The base address of the Graph API that a channel is called at."""
        own: str | None = getattr(self, f"{channel}_graph_url", None)
        return own or self.graph_url


def _told(secret: SecretStr | None) -> str | None:
    return secret.get_secret_value() if secret else None


@cache
def settings() -> Settings:
    """The settings of this process."""
    return Settings()
