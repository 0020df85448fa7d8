"""Judges the generated rows: references, rules of mode R, and (given a model) the columns."""
import json


def value(text):
    return {"true": True, "false": False, "": None}.get(text.strip(), text)


class Row:
    """A row as the rules see it: empty is None, so that comparisons follow SQL's NULL."""

    def __init__(self, cells):
        self.cells = cells

    def __getattr__(self, name):
        return value(self.cells.get(name, ""))

    def below(self, n):
        return self.confidentiality is not None and int(self.confidentiality) < n

    def level(self, n):
        return self.confidentiality is not None and int(self.confidentiality) == n


ASSET_RULES = {
    "REG-01": lambda a: a.name is None,
    "REG-02": lambda a: a.location_text is None and a.location_area is None,
    "REG-03": lambda a: a.asset_type is None,
    "REG-04": lambda a: a.confidentiality is None or a.confidentiality_basis is None,
    "REG-05": lambda a: a.has_personal_info is None,
    "REG-06": lambda a: a.has_my_number is None,
    "REG-07": lambda a: a.internal_media_encryption is None,
    "REG-08": lambda a: a.users_text is None,
    "REG-09": lambda a: a.sysadmin is None,
    "REG-12": lambda a: a.internal_media_encryption == "no_media" and a.asset_type == "nas",
    "REG-17": lambda a: a.institution is None or a.unit is None,
    "CLS-01": lambda a: a.has_my_number and a.below(4),
    "CLS-02": lambda a: a.has_personal_info and a.level(2) and not a.personal_info_consent,
    "CLS-03": lambda a: a.has_personal_info and a.level(1) and not a.personal_info_published,
    "CLS-04": lambda a: a.confidentiality_basis and a.below(int(a.confidentiality_basis[1])),
    "CLS-05": lambda a: (a.confidentiality_basis == "c4_my_number" and not a.has_my_number) or (
        a.confidentiality_basis in ("c3_personal", "c2_personal_consented")
        and not a.has_personal_info),
    "CLS-06": lambda a: a.has_my_number and not a.has_personal_info,
    "NETX-01": lambda a: a.external_public and not a.internet_inbound,
    "NETX-02": lambda a: a.net_zone == "standalone" and (
        a.external_public or a.internet_inbound or a.remote_access not in (None, "none")),
}

MEDIA_RULES = {
    "MED-01": lambda m: m.confidentiality is None,
    "MED-02": lambda m: m.users_text is None,
    "MED-OWN": lambda m: m.unit is None or m.custodian is None,  # the registry's own rule
    "MED-06": lambda m: m.has_my_number and m.below(4),
    "MED-07": lambda m: m.has_personal_info and (
        (m.level(2) and not m.personal_info_consent)
        or (m.level(1) and not m.personal_info_published)),
}

# When a column is asked for: the conditions of the data dictionary, on owner's columns.
ENCRYPTED = ("full", "file", "partial", "provider")
NEEDS = (
    (lambda a: a.asset_type in ("server", "cloud_service", "network_device"), "functions"),
    (lambda a: a.embodiment == "physical", "location_area"),
    (lambda a: a.asset_type == "terminal", "portable"),
    (lambda a: a.net_zone != "standalone" and a.asset_type != "social_media",
     "hostname ip_addrs transport_encryption"),
    (lambda a: a.asset_type in ("server", "terminal", "nas", "network_device"),
     "os_name vuln_checked_on vuln_state"),
    (lambda a: not a.below(2), "handling_restrictions access_restricted"),
    (lambda a: a.level(4), "designated_place"),
    (lambda a: a.has_personal_info and a.level(2), "personal_info_consent"),
    (lambda a: a.has_personal_info and a.level(1), "personal_info_published"),
    (lambda a: a.internal_media_encryption in ENCRYPTED,
     "encryption_method encryption_cryptrec key_custodian key_backup"),
    (lambda a: not a.below(3), "leak_prevention"),
    (lambda a: a.embodiment == "physical" and not a.below(2), "physical_protection"),
    (lambda a: a.remote_access != "none", "remote_auth"),
    (lambda a: a.asset_type in ("server", "nas", "cloud_service", "network_device"),
     "auth_method"),
    (lambda a: a.asset_type in ("server", "nas", "network_device"), "admin_priv_measure"),
    (lambda a: a.log_enabled, "log_items_traceable log_retention_days"),
    (lambda a: a.asset_type == "server",
     "monitoring software_reviewed_on config_checked_on allowed_peripherals"),
    (lambda a: a.asset_type in ("server", "terminal"), "malware_protection"),
    (lambda a: a.vuln_state in ("planned", "open"), "vuln_plan"),
    (lambda a: a.availability != "1", "backup_method"),
    (lambda a: a.backup_method, "backup_location backup_retention_days backup_confidentiality"),
    (lambda a: a.asset_type == "server" and a.availability != "1", "redundancy bcp_reflected"),
    (lambda a: a.availability == "3" and a.internet_inbound, "dos_measure dos_monitored"),
    (lambda a: a.integrity != "1", "esign"),
    (lambda a: a.asset_type in ("information_system", "server", "cloud_service"),
     "security_requirements"),
    (lambda a: True, "location_text operation_started_on"),
    (lambda a: a.asset_type == "nas",
     "nas_per_user_auth nas_least_privilege nas_anonymous_access nas_data_encrypted"
     " nas_access_log_days nas_log_tamper_proof nas_firmware_updated_on"
     " nas_unneeded_services_off"),
    (lambda a: a.nas_data_encrypted, "nas_key_storage"),
    (lambda a: a.asset_type == "cloud_service",
     "cloud_provider cloud_service_model cloud_ismap cloud_core_service cloud_external_share"),
    (lambda a: a.cloud_ismap in ("ismap", "ismap_liu"), "cloud_ismap_checked_on"),
    (lambda a: a.cloud_ismap == "not_listed", "cloud_risk_and_measures"),
    (lambda a: a.cloud_external_share and not a.below(2), "cloud_share_limited"),
)
MEDIA_NEEDS = (
    (lambda m: m.has_personal_info and m.level(2), "personal_info_consent"),
    (lambda m: m.has_personal_info and m.level(1), "personal_info_published"),
    (lambda m: not m.below(3), "storage_locked"),
    (lambda m: m.holds_log, "log_integrity_measure"),
)


def violations(rules, cells):
    row = Row(cells)
    return {code for code, broken in rules.items() if broken(row)}


def missing(needs, cells):
    row = Row(cells)
    return [c for when, columns in needs if when(row) for c in columns.split()
            if not cells.get(c)]


def unique(table, column):
    values = [r[column] for r in table if r.get(column)]
    assert len(values) == len(set(values)), column


def references(org):
    """Every natural key names a row, of the same 機関 where that matters, parents first."""
    inst = {r["code"] for r in org["institutions"]}
    units = {r["code"]: r for r in org["units"]}
    areas = {r["code"]: r for r in org["areas"]}
    logins = {r["login"] for r in org["persons"]}
    unique(org["units"], "code"), unique(org["areas"], "code")
    unique(org["persons"], "login"), unique(org["persons"], "name_ja")
    unique(org["assets"], "serial_no"), unique(org["media"], "serial_no")
    unique(org["assets"], "hostname"), unique(org["assets"], "mac_addrs")
    seen = set()
    for r in org["units"]:
        assert not r["parent"] or r["parent"] in seen, r
        seen.add(r["code"])
    for name, table in org.items():
        for r in table:
            for c in ("institution", "desk_institution"):
                assert not r.get(c) or r[c] in inst, (name, c, r)
            assert not r.get("unit") or r["unit"] in units, (name, r)
            for c in ("location_area", "storage_area"):
                assert not r.get(c) or r[c] in areas, (name, c, r)
            for c in PEOPLE:
                assert not r.get(c) or r[c] in logins, (name, c, r)
            for c in ("unit", "location_area", "storage_area"):
                assert not (r.get(c) and r.get("institution")) or r[c].startswith(
                    r["institution"] + "-"), (name, c, r)


DAY = "2026-10-01"  # a day on which the demonstration's terms run


def in_force(offices, person, office, institution, day):
    return any(o["person"] == person and o["office"] == office
               and o["institution"] in ("", institution)
               and o["term_from"] <= day <= o["term_to"] for o in offices)


def appointments(org):
    """AREA-01, IMP-13 and ROLE-02: offices that other rows rely on are in force that day."""
    offices = org["offices"]
    for o in offices:
        if o["office"] in ("sysadmin", "iso", "csirt_leader", "important_admin",
                           "qualification_checker", "deputy_iso"):
            assert in_force(offices, o["appointed_by"], "inst_ciso", o["institution"],
                            o["term_from"]), o
        if o["office"] == "important_admin":
            assert in_force(offices, o["person"], "sysadmin", o["institution"], o["term_from"]), o
    for u in org["units"]:
        assert any(in_force(offices, p["login"], "ism", u["institution"], DAY)
                   for p in org["persons"] if p["active"] == "true"
                   and any(o["person"] == p["login"] and o["unit"] == u["code"]
                           and o["office"] == "ism" for o in offices)), u
    for a in org["areas"]:
        if a["is_controlled"] == "true":
            day, inst = a["designated_on"], a["institution"]
            assert in_force(offices, a["identified_by"], "sysadmin", inst, day), a
            assert in_force(offices, a["designated_by"], "iso", inst, day), a


ENTITIES = {"institutions": "institution", "units": "org_unit", "persons": "person",
            "areas": "area", "offices": "role_assignment", "assets": "asset",
            "media": "external_media"}
RENAMED = {"login_id": "login", "role_code": "office"}


def wire(entity, column):
    if column in RENAMED:
        return RENAMED[column]
    if column == "institution_code" and entity == "institution":
        return "code"
    for end, new in (("org_unit_id", "unit"), ("institution_code", "institution"),
                     ("_id", "")):
        if column.endswith(end):
            return column[:-len(end)] + new
    return column


PEOPLE = ("sysadmin", "operator", "important_admin", "key_custodian", "custodian",
          "identified_by", "designated_by", "appointed_by", "person", "rating_by")


def against_model(path, org, headers, spoilt, labels):
    """Columns, choices, dates and mandatory cells against the data dictionary (JSON)."""
    with open(path, encoding="utf-8") as f:
        model = {e["entity"]: e for e in json.load(f)}
    for name, entity in ENTITIES.items():
        columns = {wire(entity, c["name"]): c for c in model[entity]["columns"]
                   if c["required"] != "A"}
        if name == "assets":
            for sheet in ("nas", "cloud"):
                columns.update({f"{sheet}_{c['name']}": c for c in
                                model[sheet + "_detail"]["columns"] if c["name"] != "asset_id"})
        extra = {"units": {"code"}, "areas": {"code"}, "persons": {"institution"},
                 "institutions": {"head_office"}, "offices": {"range_units"}}.get(name, set())
        for r in org[name]:
            unknown = set(r) - set(columns) - extra
            assert not unknown, (name, unknown)
            for c, text in r.items():
                if text and c in columns and c not in PEOPLE:
                    cell(columns[c], text, (name, c, text))
        for r in org[name]:
            if id(r) in spoilt:
                continue
            for c, d in columns.items():
                sheet = c.startswith(("nas_", "cloud_")) or c == "security_requirements"
                if d["required"].startswith("M") and c in headers[name] and not sheet:
                    assert r.get(c), (name, c, r)  # the sheets' own are in NEEDS
        absent = [c for c in columns if c not in headers[name]]
        print(f"{name}: {len(org[name])} rows, columns not in the file: {' '.join(absent)}")
    wanted = [c for c in model["role_assignment"]["columns"] if c["name"] == "role_code"][0]
    held = {o["office"] for o in org["offices"] if o["term_from"] <= DAY <= o["term_to"]}
    assert held == {v[0] for v in wanted["values"]}, held
    media = {wire("", c["name"]): c["label"] for c in model["external_media"]["columns"]}
    for c, label in labels.items():
        assert media[c] == label, (c, label, media[c])


def cell(column, text, where):
    if column["values"]:
        codes = [str(v[0]) for v in column["values"]]
        for part in text.split(";") if column["type"] == "text[]" else [text]:
            assert part in codes, where
    elif column["type"] == "boolean":
        assert text in ("true", "false"), where
    elif column["type"] in ("smallint", "integer") and not column["name"].endswith("_id"):
        assert text.isdigit(), where
    elif column["type"] == "date":
        assert len(text) == 10 and "2000" < text < "2040", where
