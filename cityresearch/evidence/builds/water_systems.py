"""Water systems: which community water systems serve a city, with names that can be read."""

from __future__ import annotations

import re

import pandas as pd

from cityresearch.evidence.mirror import Mirror

KEPT = {"high": "high", "manual": "by hand", "medium": "medium"}
# A second link of medium confidence is mostly a neighbour of like name (West Fargo for Fargo), so
# it is left out; these two were looked at, and serve a part of the city.
SECOND_SYSTEMS = {"CA1510031", "CA1910240"}
LITTLE = {"of", "and", "the", "at", "in", "on", "by", "for"}
WORDS = {
    "assn": "Association",
    "assoc": "Association",
    "aut": "Authority",
    "auth": "Authority",
    "bd": "Board",
    "boro": "Borough",
    "dept": "Department",
    "dep": "Department",
    "dist": "District",
    "div": "Division",
    "divis": "Division",
    "ft": "Fort",
    "mt": "Mount",
    "mua": "Municipal Utilities Authority",
    "mud": "Municipal Utility District",
    "mun": "Municipal",
    "muni": "Municipal",
    "mwd": "Municipal Water District",
    "gswc": "Golden State Water Company",
    "pud": "Public Utility District",
    "pwa": "Public Works Authority",
    "pwd": "Public Works Department",
    "pws": "Public Water System",
    "rwd": "Rural Water District",
    "st": "St.",
    "sys": "System",
    "twp": "Township",
    "util": "Utilities",
    "wc": "Water Company",
    "wd": "Water District",
    "wsc": "Water Supply Corporation",
    "ws": "Water System",
    "wtr": "Water",
    "wsd": "Water and Sanitation District",
    "wtp": "Water Treatment Plant",
    "ww": "Waterworks",
}
CAPITALS = {"II", "III", "IV", "JEA", "KUB", "LCA", "USA", "CWS", "MWRA", "LAWCO", "W&S"}
# Names that only somebody who knows the city can read.
KNOWN = {
    "AL0001005": "Board of Water and Sewer Commissioners of the City of Mobile",
    "CA5610023": "Ventura County Waterworks District 8, Simi Valley",
    "CA1910070": "Los Angeles County Waterworks District 40, Lancaster",
    "AK2210906": "Anchorage Water and Wastewater Utility",
    "CA1910067": "Los Angeles Department of Water and Power",
    "CA1910017": "Santa Clarita Valley Water Agency, Santa Clarita Division",
    "CA1910240": "Santa Clarita Valley Water Agency, Valencia Division",
    "CA3410020": "City of Sacramento, main system",
    "CA3810011": "San Francisco Public Utilities Commission",
    "FL2161328": "JEA, main grid",
    "FL4130871": "Miami-Dade Water and Sewer Department, main system",
    "GA2450000": "Augusta-Richmond County Water System",
    "HI0000331": "Honolulu Board of Water Supply, Windward–Pearl Harbor",
    "TX0710002": "El Paso Water Utilities Public Service Board",
}
OF = r"(city and county|city|town|village|borough|boro|municipality|township)"
# Tried in this order on names in ordinary case.
RULES = [
    (r"\s*\(\d+\)", ""),  # a number without its state
    (r"\s*\(\d*\s*WT?PS?\)", ""),  # the count of treatment plants
    (r"^(CWS|Cal-Water Service CO\.)\s*-\s*", "California Water Service, "),
    (r"^IL American-", "Illinois American Water, "),
    (rf"^(.+?)\s?-\s?{OF},? (?=Water)", r"\1 "),
    (r"Water & Waterworks", "Water & Wastewater"),
    (r"\bCo\.?$", "Company"),
    (r"\bComm$", "Commission"),
    (r"\s+-\s+", " – "),
    (r"\s+", " "),
]


def build(mirror: Mirror) -> dict[str, pd.DataFrame]:
    """The table `place_systems`: one row a city and system, the main system first."""
    links = mirror.csv("water/place_water_systems.csv")
    links = links[links["confidence"].isin(list(KEPT))]
    second = links["rank_for_place"] != "1"
    abroad = links["pwsid"].str[:2] != links["state"]
    doubtful = (links["confidence"] == "medium") & ~links["pwsid"].isin(list(SECOND_SYSTEMS))
    links = links[~(second & (abroad | doubtful))]
    order = links["rank_for_place"].astype(int)
    names = map(readable, links["pws_name"], links["pwsid"], links["place"])
    frame = pd.DataFrame(
        {
            "geoid": links["geoid"],
            "rank": order.groupby(links["geoid"]).rank(method="first").astype(int),
            "pwsid": links["pwsid"],
            "name": list(names),
            "epa_name": links["pws_name"].str.strip(),
            "population_served": links["pop_served"].astype(float).astype(int),
            "connections": links["connections"].astype(float).astype(int),
            "confidence": links["confidence"].map(KEPT),
        }
    )
    return {"place_systems": frame}


def readable(epa_name: str, pwsid: str, place: str) -> str:
    """PHOENIX CITY OF → City of Phoenix; EAST BAY MUD → East Bay Municipal Utility District."""
    if pwsid in KNOWN:
        return KNOWN[pwsid]
    name = re.sub(rf"\s*\(?{re.escape(pwsid)}\)?", "", epa_name.strip())
    if not re.search("[a-z]", name):
        name = " ".join(map(word, name.split(" ")))
        name = re.sub(rf"\b{re.escape(place)}\b", place, name, flags=re.IGNORECASE)
    for pattern, replacement in RULES:
        name = re.sub(pattern, replacement, name, flags=re.IGNORECASE)
    name = re.sub(rf"^(.+?)\s*[-,]?\s*\b{OF} of(?= –|$)", front, name, flags=re.IGNORECASE)
    name = re.sub(rf"^({re.escape(place)}) (City|Town|Village)$", front, name)
    if name == place:
        name += " water system"
    return (name[:1].upper() + name[1:]).replace("'", "’").strip()


def front(match: re.Match[str]) -> str:
    """Phoenix, City of → City of Phoenix."""
    kind = match[2].title().replace(" And ", " and ")
    return f"{'Borough' if kind == 'Boro' else kind} of {match[1]}"


def word(text: str) -> str:
    """One word out of capitals: a little word, an abbreviation spelt out, or a capitalised word."""
    bare = text.strip("().,;")
    if not bare or "." in bare or not re.search("[A-Z]{2}", bare):
        return text
    if bare.lower() in LITTLE:
        return text.lower()
    if bare.lower() in WORDS:
        return text.replace(bare + ".", bare).replace(bare, WORDS[bare.lower()])
    return re.sub(r"[A-Z]+('S\b)?", capitalised, text)


def capitalised(match: re.Match[str]) -> str:
    """One run of capitals; abbreviations, known or without a vowel, stay as they are."""
    text = match[0]
    is_word = text not in CAPITALS and re.search("[AEIOUY]", text)
    return text.capitalize() if is_word else text
