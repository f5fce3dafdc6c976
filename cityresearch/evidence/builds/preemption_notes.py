"""Notes on preemption records, in our own words: what a law does, in a sentence or two, by record."""

from __future__ import annotations

_ONE_BAN = "State law bans ranked-choice voting in some or all elections, local ones included."
_ONE_BAN_2025 = "State law bans ranked-choice voting. The date is that of the signing."
_ALLOWED = "State law lets some or all local governments use ranked-choice voting."
_NO_STATUTE = (
    "Listed in 2019, but a table of 2026 finds no statute, and the association that made the list now "
    "says that some states on it have none."
)
_MASKS = (
    "A bar was in force at some time between 2020 and 2022. Whether it still is was not recorded."
)

# Records that tell of one city's own institutions, as their source has them; so not of other cities.
ONLY = {"MO.police_oversight.b1": "St. Louis", "WI.police_oversight.b1": "Milwaukee"}

NOTES = {
    "TN.abortion_funding.b1": "Cities may not spend money to help anyone get an abortion.",
    "AZ.blanket_preemption.b1": (
        "Any state lawmaker can have the attorney general examine a local law. A city that doesn’t "
        "mend a violation loses its share of state revenue."
    ),
    "FL.blanket_preemption.b1": (
        "Cities must estimate the effect of an ordinance on business, suspend it during some suits, "
        "and may owe winning plaintiffs up to $50,000."
    ),
    "TX.blanket_preemption.b1": (
        "Bars local rules in eight fields of law; private parties can sue. A trial court held it "
        "unconstitutional in 2023; an appeals court dismissed the case in July 2025."
    ),
    "GA.cash_bail.b1": "More charges need cash bail, and charities may post only three bonds a year.",
    "WV.data_centers.b1": "Certified data centers stand outside local zoning, permits and ordinances.",
    "FL.fair_scheduling.b1": "Cities may not regulate private employers’ schedules.",
    "CO.firearms.b1": (
        "The state repealed its bar in 2021, the first to do so. Local rules may be stricter than "
        "state law, not weaker."
    ),
    "CO.foam_containers.b1": "A state ban replaced the bar on local rules; cities may go further.",
    "FL.foam_containers.b1": "Rules on polystyrene are left to a state department.",
    "NC.gas_ban_building_electrification.b1": (
        "Local rules may not block gas connections or appliances, except in the city’s own buildings."
    ),
    "NE.gas_ban_building_electrification.b1": (
        "Local rules may not limit the kinds of energy supplied. City-owned gas utilities are exempt."
    ),
    "AR.guaranteed_income.b1": "Local programs need leave of state law.",
    "IA.guaranteed_income.b1": "Programs that were running had to end by January 2025.",
    "ID.guaranteed_income.b1": "State and local payments are banned.",
    "SD.guaranteed_income.b1": "State and local payments are banned.",
    "FL.heat_safety.b1": "Cities may not require heat protection; the act sets no state standard.",
    "TX.heat_safety.b1": "A broad law on labor reaches the water-break rules of Austin and Dallas.",
    "CO.inclusionary_zoning.b1": (
        "Cities may require affordable homes, also rentals, if builders get options and the city "
        "takes steps for density."
    ),
    "FL.inclusionary_zoning.b1": "Allowed only if incentives make up the builder’s whole cost.",
    "ID.inclusionary_zoning.b1": "A tracker takes it, from court decisions, to be beyond local power.",
    "TN.inclusionary_zoning.b1": "Below-market rentals can’t be required; incentives are allowed.",
    "TX.inclusionary_zoning.b1": "Bans maximum sale prices for homes only; rentals are not covered.",
    "UT.inclusionary_zoning.b1": "Allowed by agreement or with incentives only.",
    "WI.inclusionary_zoning.b1": "Banned for all local governments; voluntary agreements are allowed.",
    "GA.leaf_blowers.b1": "Gas blowers may not be treated differently. The law ends in June 2031.",
    "IA.lgbtq_nondiscrimination.b1": (
        "Cities may not protect groups beyond the state’s code; local gender-identity rules ended."
    ),
    "ID.local_mask_mandates.b1": "The act restricts local mask rules. The date is that of the signing.",
    "FL.minimum_wage.b1": "From September 30, 2026, cities may not set wages for their contractors either.",
    "IA.minimum_wage.b1": "The act also voided county wages in force, and bars other terms of work.",
    "KS.minimum_wage.b1": "Covers wages, paid benefits and changes of schedule.",
    "KS.nutrition.b1": "Bars local rules on nutrition labels and on giveaways with meals.",
    "MO.paid_sick_leave.b1": (
        "The state repealed the sick leave that voters had passed; the bar on local rules stayed, so "
        "there is no standard at all."
    ),
    "AR.plastic_bags.b1": "Bars bans and taxes on bags and containers, except on city property.",
    "AZ.plastic_bags.b1": "The section read is about counties.",
    "CO.plastic_bags.b1": (
        "The bar of 1989 ended in July 2024. A state ban holds, and cities may go further."
    ),
    "FL.plastic_bags.b1": "The bar stood in 2022, when bills to repeal it failed.",
    "IA.plastic_bags.b1": "Bars standards for consumer goods, bags included; older rules are void.",
    "ID.plastic_bags.b1": "Only the state may restrict or tax bags and containers.",
    "IN.plastic_bags.b1": "Bars bans, fees and taxes on bags and containers; recycling is exempt.",
    "MI.plastic_bags.b1": "Bars bans and fees on bags and containers.",
    "MO.plastic_bags.b1": "Bars bans, fees and taxes on paper and plastic bags.",
    "MS.plastic_bags.b1": "Bars bans and fees; recycling, litter rules and city property are exempt.",
    "MT.plastic_bags.b1": "Bars ordinances and local ballot measures.",
    "NC.plastic_bags.b1": "Bars bans, fees and taxes, except on city property.",
    "ND.plastic_bags.b1": "Bars rules and fees; city property and litter rules are exempt.",
    "NY.plastic_bags.b1": "A state ban takes the field. Cities may opt in to a paper-bag fee of 5 cents.",
    "OH.plastic_bags.b1": "A bar for one year was made permanent in 2021.",
    "OK.plastic_bags.b1": "Bars local rules on single-use bags.",
    "PA.plastic_bags.b1": "A temporary bar of 2019, which ended during 2021; sources differ on the day.",
    "SD.plastic_bags.b1": (
        "Bars limits on plastic bottles and packaging. Whether a bill of 2020 added bags was not read."
    ),
    "TN.plastic_bags.b1": "Bars rules and fees on bags, cups and utensils; city property is exempt.",
    "TX.plastic_bags.b1": "The state supreme court held that state waste law bars local bag bans.",
    "WI.plastic_bags.b1": "Bars rules and fees on bags and containers.",
    "FL.police_oversight.b1": "Civilian boards may not investigate complaints about officers.",
    "MO.police_oversight.b1": "The St. Louis police moved to a board that the governor appoints.",
    "TN.police_oversight.b1": (
        "The boards of Nashville and Memphis gave way to committees that pass complaints on."
    ),
    "WI.police_oversight.b1": (
        "In Milwaukee, policy passed from the commission to the chiefs; the council needs two thirds."
    ),
    "TN.public_employee_residency.b1": "Covers police officers and firefighters.",
    **dict.fromkeys(
        (
            f"{state}.ranked_choice_voting.b1"
            for state in ("AL", "FL", "ID", "KY", "LA", "MS", "MT", "OK", "SD", "TN")
        ),
        _ONE_BAN,
    ),
    **dict.fromkeys(
        (f"{state}.ranked_choice_voting.b1" for state in ("AR", "KS", "ND", "WV", "WY")),
        _ONE_BAN_2025,
    ),
    **dict.fromkeys(
        (f"{state}.ranked_choice_voting.b1" for state in ("CA", "CO", "ME", "NM", "UT", "VA")),
        _ALLOWED,
    ),
    "IA.ranked_choice_voting.b1": "Banned in every election in the state.",
    "IN.ranked_choice_voting.b1": "A statewide ban, reported as law in March 2026.",
    "MO.ranked_choice_voting.b1": "Voters put a ban into the constitution in November 2024.",
    "OH.ranked_choice_voting.b1": "Banned, also in local elections, with a penalty for cities that use it.",
    "AL.rent_control.b1": "Property held by a government is exempt.",
    "AZ.rent_control.b1": "Holds for charter cities too; public and subsidized housing is exempt.",
    "CO.rent_control.b1": "A bill of 2023 would have repealed the ban; it still stood then.",
    "FL.rent_control.b1": (
        "The older law allowed rent control in an emergency; since 2023 the ban is complete. "
        "The date is that of the signing."
    ),
    "IN.rent_control.b1": "Only the state’s lawmakers may allow limits on private rents.",
    "KS.rent_control.b1": "Bars rent control by any local government.",
    "LA.rent_control.b1": _NO_STATUTE,
    "MS.rent_control.b1": _NO_STATUTE,
    "MN.rent_control.b1": "Barred unless the city’s voters approve it; St. Paul’s did.",
    "MO.rent_control.b1": "The act of 2025 added other rules on landlords to an older ban.",
    "MT.rent_control.b1": "Covers homes and businesses; property that the city has a share in is exempt.",
    "NE.rent_control.b1": "Land-use rules and agreements are exempt. The date is that of approval.",
    "OH.rent_control.b1": "Recorded by the landlords’ association; the act itself was not read.",
    "OR.rent_control.b1": "The state has capped increases since 2019; local control stays barred.",
    "TN.rent_control.b1": "Covers private homes and businesses.",
    "WA.rent_control.b1": "Rents are the state’s affair in cities and counties.",
    "WA.rent_control.b2": "The state set its own cap on increases; local control stays barred.",
    "WI.rent_control.b1": "Public housing and private agreements are exempt.",
    "KS.rental_inspections.b1": "Bars regular inspections inside homes, with exceptions.",
    "FL.sanctuary_policies.b1": "Adds duties to cooperate with immigration officers, and penalties.",
    "GA.sanctuary_policies.b1": (
        "Local agencies must seek federal agreements, or lose money and face charges."
    ),
    "KS.sanctuary_policies.b1": "Local limits on help to immigration officers are void.",
    "LA.sanctuary_policies.b1": "Adds a duty to cooperate; the attorney general can sue.",
    "NH.sanctuary_policies.b1": "Also bars local bans on police agreements with federal officers.",
    "TN.sanctuary_policies.b1": "Adds criminal penalties and removal for local officials.",
    "TX.sanctuary_policies.b1": (
        "Sheriffs who run jails must seek federal agreements; the attorney general can sue."
    ),
    "AZ.short_term_rentals.b1": (
        "Cities may not ban rentals; since 2022 they may require permits, notices and insurance."
    ),
    "FL.short_term_rentals.b1": "Bars bans and limits on length; rules from before June 2011 stay.",
    "ID.short_term_rentals.b1": "Bars bans; from July 2026 also rules that only rentals must keep.",
    "IN.short_term_rentals.b1": "Limits bans; a law of 2026 adds a bar on caps.",
    "NE.short_term_rentals.b1": "Bars bans; safety, noise, parking and tax rules stay local.",
    "TN.short_term_rentals.b1": "Existing rentals may go on; cities may permit or ban new ones.",
    "UT.short_term_rentals.b1": "Cities may not punish a listing alone; zoning and licenses stay local.",
    "WI.short_term_rentals.b1": "Rentals of a week or more can’t be banned; shorter ones can.",
    "CA.soda_tax.b1": (
        "Bars new local grocery taxes until 2031, but a court held in 2023 that the penalty can’t be "
        "used on charter cities, so these may tax."
    ),
    "IA.source_of_income.b1": "Cities may not require landlords to take federal vouchers.",
    "IN.source_of_income.b1": "Ordinances may not require landlords to join voucher programs.",
    "KY.source_of_income.b1": "Ended the ordinances of Louisville and Lexington. The year is inferred.",
    "MO.source_of_income.b1": "Also bars limits on screening and deposits.",
    "TX.source_of_income.b1": "Rules that protect veterans are exempt.",
    "FL.tenant_protections.b1": "Leaves leases, deposits, fees and notices to the state.",
    "IN.tenant_protections.b1": "Covers screening, deposits, leases, notices and fees.",
    "CO.tobacco_control.b1": "Ended a clause against local rules; cities may license, tax and go further.",
    "OH.tobacco_flavours.b1": (
        "Courts held the bar unconstitutional in 2024 and 2025, for the cities that sued."
    ),
    "AZ.zoning_housing_supply.b1": "Cities above 75,000 people must allow accessory homes.",
    "AZ.zoning_housing_supply.b2": "Larger cities must allow two to four homes a lot near downtown.",
    "CA.zoning_housing_supply.b1": "Accessory homes, lot splits and duplexes must be approved.",
    "CO.zoning_housing_supply.b1": "More apartments near transit, and accessory homes, must be allowed.",
    "CO.zoning_housing_supply.b2": "No parking minimums for apartments near transit in metro areas.",
    "FL.zoning_housing_supply.b1": (
        "Apartments must be allowed in business zones where two fifths of them are affordable."
    ),
    "FL.zoning_housing_supply.b2": (
        "No stricter plans or land rules until October 2027, reaching back to August 2024; in court."
    ),
    "IA.zoning_housing_supply.b1": "Bars rules on the look of outer walls.",
    "ID.zoning_housing_supply.b1": "Cities of 10,000 or more must allow accessory and starter homes.",
    "IN.zoning_housing_supply.b1": "Listed kinds of homes need no hearing; cities may opt out in part.",
    "KS.zoning_housing_supply.b1": "Qualifying homes need no discretionary approval.",
    "ME.zoning_housing_supply.b1": "Caps the smallest lot size that a city may require.",
    "MT.zoning_housing_supply.b1": "Duplexes are allowed on single-family lots; in court.",
    "MT.zoning_housing_supply.b2": "An accessory home must be allowed on each single-family lot.",
    "MT.zoning_housing_supply.b3": "Limits parking minimums and low height limits.",
    "NH.zoning_housing_supply.b1": "An accessory home is allowed on single-family lots.",
    "NH.zoning_housing_supply.b2": "Occupancy limits may not go below two people a bedroom.",
    "NH.zoning_housing_supply.b3": "Apartments are allowed in business zones.",
    "OR.zoning_housing_supply.b1": "Cities above 2,500 people must allow accessory homes.",
    "OR.zoning_housing_supply.b2": "Larger cities must allow two to four homes on single-family lots.",
    "TX.zoning_housing_supply.b1": "The largest cities may not require large lots for new homes.",
    "TX.zoning_housing_supply.b2": "Large cities must allow apartments in business zones.",
    "TX.zoning_housing_supply.b3": "Makes it harder for neighbors to force a supermajority vote on rezoning.",
    "VT.zoning_housing_supply.b1": "Duplexes, and up to four homes where water and sewer lie.",
    "WA.zoning_housing_supply.b1": "Larger cities must allow two to six homes a lot.",
    "WA.zoning_housing_supply.b2": "A tracker lists a law on accessory homes; its terms were not read.",
    "WA.zoning_housing_supply.b3": "Limits parking minimums for homes.",
    "CT.rent_control.a1": "The list of 2019 has it; other sources class it otherwise.",
    "OR.rent_control.a1": "A state cap, with local control barred.",
    "AZ.short_term_rentals.a1": "Later changes gave some licensing back.",
    "WI.short_term_rentals.a1": "The source calls the bar a technical one.",
    "CO.municipal_broadband.a1": "Repealed in 2023 (SB 23-183).",
    "AR.municipal_broadband.a2": "Relaxed or repealed in 2021.",
    "MN.municipal_broadband.a1": "Repealed in 2024.",
    "WA.municipal_broadband.a1": "Repealed in 2021.",
    "IA.municipal_broadband.a1": "No longer on the list of 16 states of October 2024.",
    "KS.nutrition.a1": "Labels, portion sizes and giveaways with meals.",
    "CT.tobacco_smoking.a1": "Rules from before October 1993 stay.",
    "FL.tobacco_smoking.a1": "State law stood alone then; later changes were not checked.",
    "MI.tobacco_smoking.a1": "Restaurants and bars only.",
    "ID.tobacco_licensing.a1": "No local permit or license to sell tobacco.",
    "CA.tobacco_youth_access.a1": "The size of fines only.",
    "DE.tobacco_youth_access.a1": "Rules from before July 1996 stay.",
    "IA.tobacco_youth_access.a1": "No local rule stricter than state law.",
    "IN.tobacco_youth_access.a1": "Sale, distribution and display.",
    "KY.tobacco_youth_access.a1": "Rules from before March 1996 stay.",
    "MA.tobacco_youth_access.a1": "Cigarette rolling papers only.",
    **dict.fromkeys(
        (
            f"{state}.local_mask_mandates.a1"
            for state in ("AR", "AZ", "FL", "GA", "IA", "MT", "ND", "SC", "TX")
        ),
        _MASKS,
    ),
    **dict.fromkeys(
        (f"{state}.tobacco_control.a1" for state in ("MI", "NC", "OK", "SD", "TN", "UT", "WA")),
        "Smoking, sales to minors and advertising, as of 2010; later changes were not checked.",
    ),
}
