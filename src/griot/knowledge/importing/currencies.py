"""Names of currencies as shops write them, and which currency each can mean.

A sign that several countries share (``$``, ``kr``, ``Rs``) means nothing by itself: the country or the language of
the page decides, and where neither is known the currency stays unknown. It is never guessed.
"""

import re
from functools import cache
from urllib.parse import urlsplit


def _listed(words: str) -> frozenset[str]:
    return frozenset(words.split())


# Decimals in use. Not listed: two. (ISO 4217; the ariary and the Icelandic króna have none in practice.)
WITHOUT_DECIMALS = _listed(
    "BIF CLP COP DJF GNF HUF IDR IQD IRR ISK JPY KMF KRW LBP MGA MMK PYG RWF TZS UGX UZS VND VUV XAF XOF XPF"
)
WITH_THREE_DECIMALS = _listed("BHD JOD KWD LYD OMR TND")

_WITH_TWO = _listed("""
    AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CNY CRC
    CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD GBP GEL GHS GIP GMD GTQ GYD HKD HNL HRK HTG ILS INR JMD KES KGS KHR
    KYD KZT LAK LKR LRD LSL LTL LVL MAD MDL MKD MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN
    PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SLE SLL SOS SRD SSP SYP SZL THB TJS TMT TOP TRY TTD TWD
    UAH USD UYU VES WST XCD YER ZAR ZMW
""")
CODES = WITHOUT_DECIMALS | WITH_THREE_DECIMALS | _WITH_TWO

# Codes that are no longer, or never were, ISO 4217's, still met in feeds.
RENAMED = {"RUR": "RUB", "CFA": "XOF", "FCFA": "XOF", "BYR": "BYN", "TRL": "TRY", "ZMK": "ZMW", "RMB": "CNY",
           "NTD": "TWD", "NIS": "ILS", "MXP": "MXN", "UKP": "GBP", "EURO": "EUR", "STG": "GBP"}  # fmt: skip

_DOLLARS = "USD CAD AUD NZD SGD HKD TWD MXN ARS CLP COP UYU NAD JMD TTD BBD BSD BZD FJD LRD BND XCD DOP CUP"

# As written -> what it can mean. Both francs CFA bear one name and are worth the same: without a country, XOF, the
# one of the countries this project is for.
_SIGNS = {
    "€": "EUR", "eur": "EUR", "euro": "EUR", "euros": "EUR", "евро": "EUR", "يورو": "EUR", "ευρώ": "EUR",
    "£": "GBP", "₤": "GBP", "gbp": "GBP", "£e": "EGP", "e£": "EGP", "le": "EGP", "ج.م": "EGP", "جنيه": "EGP",
    "$": _DOLLARS, "dollars": _DOLLARS, "dollar": _DOLLARS,
    "us$": "USD", "u$s": "USD", "usd$": "USD", "us dollars": "USD", "$us": "USD",
    "c$": "CAD", "ca$": "CAD", "cdn$": "CAD", "can$": "CAD", "$ca": "CAD", "a$": "AUD", "au$": "AUD", "aud$": "AUD",
    "nz$": "NZD", "s$": "SGD", "sg$": "SGD", "hk$": "HKD", "nt$": "TWD", "nt": "TWD", "mx$": "MXN", "mex$": "MXN",
    "ar$": "ARS", "cl$": "CLP", "clp$": "CLP", "col$": "COP", "r$": "BRL", "reais": "BRL", "n$": "NAD",
    "j$": "JMD", "tt$": "TTD", "bds$": "BBD", "ec$": "XCD", "rd$": "DOP", "$u": "UYU", "bz$": "BZD",
    "¥": "JPY CNY", "円": "JPY", "yen": "JPY", "元": "CNY TWD HKD", "圓": "TWD HKD", "人民币": "CNY", "rmb": "CNY",
    "cn¥": "CNY", "jp¥": "JPY", "₩": "KRW", "원": "KRW", "₹": "INR", "rs": "INR PKR LKR NPR MUR SCR",
    "rs.": "INR PKR LKR NPR MUR SCR", "inr": "INR", "रु": "INR NPR", "৳": "BDT", "tk": "BDT", "රු": "LKR",
    "₽": "RUB", "руб": "RUB BYN", "руб.": "RUB BYN", "р.": "RUB BYN", "р": "RUB BYN", "рублей": "RUB BYN",
    "byn": "BYN", "₴": "UAH", "грн": "UAH", "грн.": "UAH", "₸": "KZT", "тг": "KZT", "тг.": "KZT", "тенге": "KZT",
    "сум": "UZS", "so'm": "UZS", "сом": "KGS", "₾": "GEL", "֏": "AMD", "₼": "AZN", "лв": "BGN", "лв.": "BGN",
    "zł": "PLN", "zl": "PLN", "złotych": "PLN", "kč": "CZK", "kc": "CZK", "ft": "HUF", "forint": "HUF",
    "lei": "RON MDL", "leu": "RON MDL", "kn": "HRK", "din": "RSD", "din.": "RSD", "дин": "RSD MKD", "rsd": "RSD",
    "ден": "MKD", "kr": "SEK NOK DKK ISK", "kr.": "SEK NOK DKK ISK", "fr": "CHF XOF XAF GNF",
    "chf": "CHF", "sfr": "CHF", "sfr.": "CHF", "fr.": "CHF", "frs": "XOF XAF GNF CHF", "₺": "TRY", "tl": "TRY",
    "₪": "ILS", "ש\"ח": "ILS", "₫": "VND", "đ": "VND", "vnđ": "VND", "đồng": "VND", "฿": "THB", "บาท": "THB",
    "baht": "THB", "rp": "IDR", "rp.": "IDR", "rm": "MYR", "₱": "PHP", "₭": "LAK", "៛": "KHR", "₮": "MNT",
    "fcfa": "XOF XAF", "f cfa": "XOF XAF", "f.cfa": "XOF XAF", "cfa": "XOF XAF", "francs cfa": "XOF XAF",
    "franc cfa": "XOF XAF", "fcf": "XOF XAF", "f": "XOF XAF GNF", "francs": "XOF XAF GNF CHF", "fg": "GNF",
    "gnf": "GNF", "ariary": "MGA", "ar": "MGA", "mga": "MGA", "fbu": "BIF", "frw": "RWF", "fc": "CDF", "fdj": "DJF",
    "₦": "NGN", "naira": "NGN", "₵": "GHS", "gh₵": "GHS", "gh¢": "GHS", "ghc": "GHS", "cedis": "GHS", "ksh": "KES",
    "kshs": "KES", "ksh.": "KES", "kes": "KES", "tsh": "TZS", "tshs": "TZS", "ush": "UGX", "ushs": "UGX",
    "shs": "KES TZS UGX", "/=": "KES TZS UGX", "r": "ZAR", "rand": "ZAR", "birr": "ETB", "br": "ETB BYN",
    "kz": "AOA", "mtn": "MZN", "zk": "ZMW",
    "dh": "MAD AED", "dhs": "MAD AED", "dirham": "MAD AED", "dirhams": "MAD AED", "درهم": "MAD AED", "د.م.": "MAD",
    "د.م": "MAD", "mad": "MAD", "aed": "AED", "د.إ": "AED", "dt": "TND", "dinars": "TND DZD KWD BHD JOD LYD IQD",
    "dinar": "TND DZD KWD BHD JOD LYD IQD", "د.ت": "TND", "دينار": "TND DZD KWD BHD JOD LYD IQD", "tnd": "TND",
    "da": "DZD", "dzd": "DZD", "د.ج": "DZD", "دج": "DZD", "sr": "SAR", "ر.س": "SAR", "ريال": "SAR QAR OMR YER",
    "sar": "SAR", "qr": "QAR", "ر.ق": "QAR", "kd": "KWD", "kwd": "KWD", "د.ك": "KWD", "bd": "BHD", "د.ب": "BHD",
    "jd": "JOD", "د.أ": "JOD", "ر.ع": "OMR", "ر.ع.": "OMR", "ل.ل": "LBP", "ل.ل.": "LBP", "د.ع": "IQD", "ل.د": "LYD",
    "درهم مغربي": "MAD", "درهم إماراتي": "AED", "ريال سعودي": "SAR", "ريال قطري": "QAR", "جنيه مصري": "EGP",
    "دينار كويتي": "KWD", "دينار تونسي": "TND", "دينار جزائري": "DZD", "دينار ليبي": "LYD",
    "تومان": "IRT", "﷼": "IRR SAR", "s/": "PEN", "s/.": "PEN", "bs": "BOB VES", "bs.": "BOB VES", "q": "GTQ",
    ":-": "SEK NOK DKK", "₡": "CRC", "₲": "PYG", "gs": "PYG", "gs.": "PYG",
}  # fmt: skip

_BEYOND_LETTERS_OF_CASE = "\u0590"  # from Hebrew on, scripts in which no word is mistaken for a sign
HEADER = 30  # characters at most of a header such as ``Prix TTC DT``

# Country (ISO 3166) -> its currency: what a shared sign means there.
OF_COUNTRY = {
    country: code
    for code, countries in {
        "EUR": "AT BE CY DE EE ES FI FR GR HR IE IT LT LU LV MT NL PT SI SK EU MC RE GP MQ GF YT", "GBP": "GB UK",
        "USD": "US EC SV PR PA", "CAD": "CA", "AUD": "AU", "NZD": "NZ", "SGD": "SG", "HKD": "HK", "TWD": "TW",
        "MXN": "MX", "ARS": "AR", "CLP": "CL", "COP": "CO", "UYU": "UY", "BRL": "BR", "PEN": "PE", "NAD": "NA",
        "JMD": "JM", "TTD": "TT", "DOP": "DO", "JPY": "JP", "CNY": "CN", "KRW": "KR", "INR": "IN", "PKR": "PK",
        "LKR": "LK", "NPR": "NP", "MUR": "MU", "SCR": "SC", "BDT": "BD", "RUB": "RU", "BYN": "BY", "UAH": "UA",
        "KZT": "KZ", "SEK": "SE", "NOK": "NO", "DKK": "DK", "ISK": "IS", "CHF": "CH LI", "PLN": "PL", "CZK": "CZ",
        "HUF": "HU", "RON": "RO", "MDL": "MD", "RSD": "RS", "MKD": "MK", "BGN": "BG", "TRY": "TR", "ILS": "IL",
        "VND": "VN", "THB": "TH", "IDR": "ID", "MYR": "MY", "PHP": "PH", "XOF": "BF BJ CI GW ML NE SN TG",
        "XAF": "CM CF TD CG GQ GA", "GNF": "GN", "MGA": "MG", "CDF": "CD", "RWF": "RW", "BIF": "BI", "DJF": "DJ",
        "KMF": "KM", "NGN": "NG", "GHS": "GH", "KES": "KE", "TZS": "TZ", "UGX": "UG", "ZAR": "ZA", "ETB": "ET",
        "MRU": "MR", "GMD": "GM", "MAD": "MA", "AED": "AE", "TND": "TN", "DZD": "DZ", "SAR": "SA", "QAR": "QA",
        "KWD": "KW", "BHD": "BH", "JOD": "JO", "OMR": "OM", "YER": "YE", "EGP": "EG", "LBP": "LB", "IQD": "IQ",
        "LYD": "LY", "IRR": "IR", "BOB": "BO", "VES": "VE", "GTQ": "GT", "CRC": "CR", "PYG": "PY",
    }.items()
    for country in countries.split()
}  # fmt: skip

# Country-code domains sold as names of anything.
_NO_COUNTRY = _listed("CO ME TV IO AI CC WS FM TO GG SH LY LA EU")

# Language (ISO 639) spoken with one currency only, as far as the shared signs go.
_OF_LANGUAGE = {"sv": "SEK", "nb": "NOK", "nn": "NOK", "no": "NOK", "da": "DKK", "is": "ISK", "ja": "JPY",
                "zh": "CNY", "ru": "RUB", "be": "BYN", "hi": "INR", "si": "LKR", "ne": "NPR", "ur": "PKR",
                "ro": "RON", "sr": "RSD", "mk": "MKD", "mg": "MGA", "wo": "XOF", "pt": "EUR", "am": "ETB"}  # fmt: skip

# Codes and signs that are also words: money only right after a figure (``TOP 10`` is no paʻanga).
_WORDS = _listed(":- all top cup gel pen mop cop sos bam amd din lei try mad dop ils mur bob ron ars ang nad")
# The same, yet written before the figure too when they begin with a capital (``Ar 15000``, but not ``da 10``).
_CAPITALISED = _listed("ar fr f r le da q")


def _alternatives() -> str:
    written = sorted({*_SIGNS, *(code.lower() for code in CODES | RENAMED.keys())}, key=len, reverse=True)
    return "|".join(re.escape(sign).replace(r"\ ", r"\s?") for sign in written)


# One mention of a currency: letters only as a whole word (a figure may touch them: 15000F, EUR5).
MENTION = re.compile(
    rf"(?i)(?<![^\W\d_])(?<![^\W\d_]\.)(?:{_alternatives()})(?![^\W\d_])"
    r"|[€£¥₩₹₽₴₸₾₼₺₪₫฿₱₭៛₮₦₵₡₲₤]|元|円|원|圓"
    r"|(?:(?<![a-z])(?:[a-z]{1,3}|(?:c|us|usd|au|aud|ca|cad|cdn|nz|nzd|sg|sgd|hk|hkd|nt|twd|mx|mxn|r|ar|cl|rd)\s))?\$"
)
_FIGURE_BEFORE = re.compile(r"\d[\s.,\-–]*$")
_FIGURE_AFTER = re.compile(r"[\s.:]*\d")


@cache
def meanings(sign: str) -> tuple[str, ...]:
    """Codes that a sign or code can stand for, none when it is no currency."""
    written = re.sub(r"\s+(?=\$)", "", " ".join(sign.split()))
    code = written.upper()
    if code in CODES:
        return (code,)
    folded = written.casefold()
    if folded in _SIGNS:
        return tuple(_SIGNS[folded].split())
    if code in RENAMED:
        return (RENAMED[code],)
    return ("USD",) if folded == "us$" else tuple(_DOLLARS.split()) if folded.endswith("$") else ()


def resolved(
    sign: str, *, currency: str | None = None, country: str | None = None, language: str | None = None
) -> str | None:
    """The one currency that a sign stands for, with what else is known: the shop's currency, country or language."""
    can_be = meanings(sign)
    if len(can_be) == 1:
        return can_be[0]
    known = (currency, *_local(country, language))
    return next((code for code in known if code in can_be), "XOF" if set(can_be) == {"XOF", "XAF"} else None)


def is_local(sign: str, *, country: str | None = None, language: str | None = None) -> bool:
    """Whether a sign can be the money of this country or language: ``kr`` on a Swedish page."""
    return any(code in meanings(sign) for code in _local(country, language))


def _local(country: str | None, language: str | None) -> tuple[str | None, ...]:
    """The currencies of the country, of the language's country, of the language."""
    region = (language or "").replace("_", "-").partition("-")[2][-2:].upper()
    return (
        OF_COUNTRY.get((country or "").upper()),
        OF_COUNTRY.get(region),
        _OF_LANGUAGE.get((language or "")[:2]),
    )


def country_of(url: str | None) -> str | None:
    """The country (ISO 3166) that an address ends with (``jumia.ci``), where that ending is a country's."""
    try:
        ending = (urlsplit(url or "").hostname or "").rpartition(".")[2].upper()
    except ValueError:
        return None
    return ending if ending in OF_COUNTRY and ending not in _NO_COUNTRY else None


def currency_of(text: str, *, country: str | None = None, language: str | None = None) -> str | None:
    """The currency that a text names (``15 000 FCFA``, ``eur``, ``Prix (DT)``), or None: no sign, several, or unclear.

    ``country``: ISO 3166 of the shop, ``language``: of its texts (``fr``, ``en-GB``); they settle shared signs.
    """
    alone = text.strip()
    if meanings(alone):
        return resolved(alone, country=country, language=language)
    mentions = list(MENTION.finditer(text))
    certain = [found for found in mentions if is_certain(found[0])]
    named = {
        resolved(found[0], country=country, language=language)
        for found in certain or (found for found in mentions if _shows_money(text, found))
    }
    return next(iter(named)) if len(named) == 1 else None


def is_certain(sign: str) -> bool:
    """Whether a sign is a currency wherever it stands: no letters, a word of four or more, a code that is no word."""
    letters = sign.rstrip(".")
    if letters in _WORDS:
        return False
    if not letters.isalpha() or max(letters) >= _BEYOND_LETTERS_OF_CASE:
        return True
    return letters.casefold() not in _WORDS and (len(letters) >= 4 or letters.upper() in CODES)


def _shows_money(text: str, found: re.Match[str]) -> bool:
    """Whether a short sign stands where a currency stands: by a figure, in brackets, in capitals at a header's end."""
    before, after = text[: found.start()], text[found.end() :]
    if before.rstrip().endswith(("(", "[")) and after.lstrip().startswith((")", "]")):
        return True
    if len(text) <= HEADER and not after.strip() and len(found[0]) > 1 and found[0].isupper():
        return True
    return bool(_FIGURE_BEFORE.search(before)) or (bool(_FIGURE_AFTER.match(after)) and stands_before(found[0]))


def stands_before(sign: str) -> bool:
    """Whether a sign may stand before its figure: words of other languages that look like one may not."""
    folded = sign.casefold()
    return folded not in _WORDS and (folded not in _CAPITALISED or sign[0].isupper())
