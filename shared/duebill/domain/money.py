"""Money: an exact amount in an ISO 4217 currency, and the one way to round it."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")
_NO_DECIMALS = frozenset("BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF".split())
_THREE_DECIMALS = frozenset("BHD IQD JOD KWD LYD OMR TND".split())
_TWO_DECIMALS = frozenset(
    """AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF
    CHW CNY COP COU CRC CUC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HRK HTG
    HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN
    MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SLL SOS
    SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UYW UZS VED VES WST XCD YER ZAR ZMW
    ZWL""".split()
)


def is_iso_currency(code: str) -> bool:
    """Whether `code` is a currency of ISO 4217 that an invoice can be in."""
    return code in _TWO_DECIMALS or code in _NO_DECIMALS or code in _THREE_DECIMALS


def minor_unit(currency: str) -> Decimal:
    """The smallest amount of a currency, as in `Decimal("0.01")`."""
    if currency in _NO_DECIMALS:
        return Decimal(1)
    return Decimal("0.001") if currency in _THREE_DECIMALS else CENT


def rounded(amount: Decimal, currency: str) -> Decimal:
    """`amount` to the currency's minor unit, half away from zero, as invoices round."""
    return amount.quantize(minor_unit(currency), rounding=ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class Money:
    """An exact amount and its currency."""

    amount: Decimal
    currency: str
