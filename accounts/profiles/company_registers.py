"""Formats of company numbers by country: numbers of the company register, and tax numbers.

A check is the name of one of python-stdnum's modules, which knows check digits, or a regular expression of the number
in capitals, without blanks and punctuation. A country that is not listed has numbers of unknown formats.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Country:
    """The checks of a country's numbers; the first that fits counts. `example` is a number of its company register."""

    example: str
    register: tuple[str, ...]
    tax: tuple[str, ...] = ()


# The formats are those of the registers' own pages; a register with several series has a line for each.
COUNTRIES: Mapping[str, Country] = {
    "AL": Country("J91402501L", ("al.nipt",)),
    "AR": Country("20-05536168-2", ("ar.cuit",)),
    "AT": Country("FN 123456a", (r"(FN)?\d{1,6}[A-Z]", r"ZVR(ZAHL)?\d{7,10}"), ("at.uid",)),
    "AU": Country("004 085 616", ("au.acn", "au.abn")),
    "BE": Country("0428.759.497", ("be.vat",), ("be.vat",)),
    "BG": Country("175074752", ("bg.vat", r"\d{13}"), ("bg.vat",)),
    "BR": Country("16.727.230/0001-97", ("br.cnpj", r"(NIRE)?\d{11}")),
    "BY": Country("200988541", ("by.unp",)),
    "CH": Country("CHE-100.155.212", ("ch.uid", r"CH\d{11}"), ("ch.vat",)),
    "CL": Country("76086428-5", ("cl.rut",)),
    "CO": Country("213123432-1", ("co.nit",)),
    "CY": Country("HE 123456", (r"(HE|ΗΕ|AE|ΑΕ|EE|C|S|N|O)\d{1,6}",), ("cy.vat",)),
    "CZ": Country("25123891", ("cz.dic",), ("cz.dic",)),
    "DE": Country("HRB 12345, Amtsgericht München", (), ("de.vat", r"DE\d{14}")),  # `german_registers` reads the rest
    "DK": Country("13585628", ("dk.cvr",), ("dk.cvr",)),
    "EE": Country("12345678", ("ee.registrikood",), ("ee.kmkr",)),
    "ES": Country("A13585625", ("es.cif", "es.nif"), ("es.nif",)),
    "FI": Country("2077474-0", ("fi.ytunnus",), ("fi.alv",)),
    "FR": Country("552 008 443", ("fr.siren", "fr.siret", "fr.rcs"), ("fr.tva",)),
    "GB": Country("01234567", (r"\d{5,8}", r"[A-Z]{2}\d{6}", r"[A-Z]{2}\d{5}[A-Z]", r"R\d{7}"), ("gb.vat", "gb.utr")),
    "GR": Country("123456789000", (r"\d{11,12}",), ("gr.vat",)),
    "HK": Country("1234567", (r"F?\d{7}", r"\d{8}", r"\d{15}[\dA-Z]")),
    "HR": Country("080123456", ("hr.oib", r"0\d{8}"), ("hr.oib",)),
    "HU": Country("01-09-123456", (r"\d{10}",), ("hu.anum", r"\d{11}")),
    "IE": Country("123456", (r"\d{1,6}",), ("ie.vat",)),
    "IL": Country("516179157", ("il.hp",)),
    "IN": Country(
        "U72200KA2009PTC123456",
        (r"[LU]\d{5}[A-Z]{2}\d{4}[A-Z]{3}\d{6}", r"F?[A-Z]{3}\d{4}", r"F\d{5}", r"UDYAM[A-Z]{2}\d{9}"),
        ("in_.gstin", "in_.pan"),
    ),
    "IS": Country("450401-3150", ("is_.kennitala",), ("is_.vsk",)),
    "IT": Country("00743110157", ("it.iva", r"(REA)?[A-Z]{2}\d{4,7}"), ("it.iva",)),
    "JP": Country("1010001000006", ("jp.cn", r"\d{12}"), (r"T\d{13}",)),
    "KR": Country("116-82-00276", ("kr.brn", r"\d{13}")),
    "LT": Country("119511515", (r"\d{7}", r"\d{9}"), ("lt.pvm",)),
    "LU": Country("B 123456", (r"[A-Z]\d{1,6}",), ("lu.tva",)),
    "LV": Country("40003521600", ("lv.pvn",), ("lv.pvn",)),
    "MT": Country("C 12345", (r"[A-Z]{1,3}\d{1,6}",), ("mt.vat",)),
    "MX": Country("MAB930714 8T4", ("mx.rfc",)),
    "MY": Country("202001012345", (r"\d{12}(\d{1,7}[A-Z])?", r"\d{1,7}[A-Z]", r"[A-Z]{2,3}\d{7}(LGN|LCA)?")),
    "NL": Country("12345678", (r"\d{8}", r"\d{12}"), ("nl.btw",)),
    "NO": Country("988 077 917", ("no.orgnr",), ("no.mva",)),
    "NZ": Country("1234567", (r"\d{1,8}", r"9429\d{9}"), ("nz.ird",)),
    "PE": Country("20512333797", ("pe.ruc",)),
    "PL": Country("0000123456", (r"00\d{8}", "pl.regon"), ("pl.nip",)),
    "PT": Country("501 964 843", ("pt.nif",), ("pt.nif",)),
    "RO": Country("J40/750/2012", ("ro.onrc", "ro.cui"), ("ro.cui",)),
    "RS": Country("17123456", (r"\d{8}",), ("rs.pib",)),
    "RU": Country("1022200525819", ("ru.ogrn",), ("ru.inn",)),
    "SE": Country("123456-7897", ("se.orgnr",), ("se.vat",)),
    "SG": Country("201505714C", ("sg.uen",), (r"M[\dA-Z]\d{7}[\dA-Z]",)),
    "SI": Country("9331310000", ("si.maticna",), ("si.ddv",)),
    "SK": Country("31333532", (r"\d{8}",), ("sk.dph",)),
    "TH": Country("0105544046602", ("th.moa",), ("th.tin",)),
    "TR": Country("0123456789012345", (r"\d{16}", r"\d{4,7}"), ("tr.vkn",)),
    "TW": Country("00501503", ("tw.ubn",)),
    "UA": Country("32855961", ("ua.edrpou",)),
    "UY": Country("21-100342-001-7", ("uy.rut",)),
    "VN": Country("0100112437", ("vn.mst",)),
    "ZA": Country("2012/123456/07", (r"[12]\d{11}", r"K\d{10}"), ("za.tin",)),
}
# Each state or province keeps a register of its own, with numbers of any format. These are the formats of tax numbers,
# so that a mistyped one is noticed.
STATE_REGISTERS: Mapping[str, tuple[str, str]] = {
    "CA": (r"\d{9} ?R[CPTMZ] ?\d{4}", "ca.bn"),
    "US": (r"\d{2}-\d+", "us.ein"),
}
