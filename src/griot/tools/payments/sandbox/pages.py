"""The sandbox provider's page for buyers: what Wave, Orange Money or a card form would show, without their marks."""

from jinja2 import Environment

from griot.tools.payments.sandbox.state import Checkout, Status

# Colour of the header, colour of the text on it.
_LOOKS = {"wave": ("#1dc8f2", "#06313c"), "orange_money": ("#ff7900", "#1c0f00"), "card": ("#3949ab", "#ffffff")}
_NAMES = {"wave": "Wave", "orange_money": "Orange Money", "card": "Carte / Card"}

_WORDS = {
    "fr": {
        "sandbox": "Prestataire d'essai : aucun argent ne bouge.",
        "pay": "Confirmer le paiement",
        "refuse": "Refuser le paiement",
        "back": "Revenir à la boutique",
        "deadline": "À payer avant {:%H:%M} UTC",
        "processing": "Paiement en cours de traitement…",
        "paid": "Ce paiement est déjà fait. Tu n'as rien d'autre à payer.",
        "failed": "Ce paiement a été refusé. Reviens à la boutique pour réessayer.",
        "expired": "Le délai de ce paiement est passé. Reviens à la boutique.",
    },
    "en": {
        "sandbox": "Test provider: no money moves.",
        "pay": "Confirm the payment",
        "refuse": "Refuse the payment",
        "back": "Back to the shop",
        "deadline": "Pay before {:%H:%M} UTC",
        "processing": "Your payment is being processed…",
        "paid": "This payment is done. There is nothing left to pay.",
        "failed": "This payment was refused. Go back to the shop to try again.",
        "expired": "The time for this payment is over. Go back to the shop.",
    },
}

_PAGE = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True).from_string("""<!doctype html>
<html lang="{{ language }}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{{ name }} · {{ checkout.amount }}</title>
<style>
html{font-size:106.25%}
body{margin:0;font:1rem/1.5 system-ui,-apple-system,sans-serif;overflow-wrap:break-word}
header{background:{{ look[0] }};color:{{ look[1] }};padding:1rem;text-align:center;font-weight:700;font-size:1.2rem}
main{max-width:26rem;margin:auto;padding:1rem;text-align:center}
strong{display:block;font-size:2rem;line-height:1.2;margin:.5rem 0}
button,a{display:block;box-sizing:border-box;width:100%;padding:.9rem;margin:.6rem 0;font:inherit;color:inherit}
button,a.go{border:1px solid #888;border-radius:.8rem;background:none;text-decoration:none;cursor:pointer}
:focus-visible{outline:3px solid currentColor;outline-offset:2px}
button.go{background:{{ look[0] }};color:{{ look[1] }};border:0;font-weight:700}
small{opacity:.75}
</style>
<header>{{ name }}</header>
<main>
<p>{{ checkout.description }}<strong>{{ checkout.amount }}</strong><small>{{ checkout.reference }}</small></p>
{% if status == "open" %}
<form method="post">
<button class="go" name="outcome" value="paid">{{ words.pay }}</button>
<button name="outcome" value="failed">{{ words.refuse }}</button>
</form>
<p><small>{{ words.deadline.format(checkout.expires_at) }}</small></p>
<a href="{{ checkout.cancel_url }}">{{ words.back }}</a>
{% else %}
<p role="status">{{ words[status] }}</p>
{% set done = status in ("paid", "processing") %}
<a class="go" href="{{ checkout.success_url if done else checkout.cancel_url }}">{{ words.back }}</a>
{% endif %}
<p><small>{{ words.sandbox }}</small></p>
</main>
""")


def render(checkout: Checkout, status: Status, language: str) -> str:
    """The page in French or English; a checkout that is decided or over shows no form."""
    return _PAGE.render(
        checkout=checkout,
        status=status,
        language=language if language in _WORDS else "fr",
        words=_WORDS.get(language, _WORDS["fr"]),
        name=_NAMES.get(checkout.means, checkout.means),
        look=_LOOKS.get(checkout.means, ("#444", "#fff")),
    )
