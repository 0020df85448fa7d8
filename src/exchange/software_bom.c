/* Software bills of material: JSON of CycloneDX and of SPDX. */
#include <string.h>

#include "software.h"

static const char *
text_of(const json_t *j, const char *name)
{
	const char *s = json_string_value(json_object_get(j, name));

	return s == NULL || s[0] == '\0' ? NULL : s;
}

/* SPDX writes what is not known as a word. */
static const char *
said(const char *s)
{
	return s == NULL || strcmp(s, "NOASSERTION") == 0 || strcmp(s, "NONE") == 0 ? NULL : s;
}

static bool
value(struct software_list *l, struct software *s, enum software_column c, const char *text)
{
	return text == NULL || software_value(l, c, text, strlen(text), s->line, &s->v[c]);
}

/* The source package: "name" or "name@version", as scanners put it into the package URL. */
static bool
upstream(struct software_list *l, struct software *s, const struct purl *p)
{
	const char *up = purl_qualifier(p, "upstream"), *at;

	if (up == NULL || s->v[SW_SOURCE_NAME] != NULL)
		return true;
	if (strcmp(p->type, "rpm") == 0)
		return !software_nevra(l->arena, up, &s->v[SW_SOURCE_NAME],
				       &s->v[SW_SOURCE_VERSION], &at) || true;
	at = strchr(up, '@');
	if (at == NULL)
		return value(l, s, SW_SOURCE_NAME, up);
	return software_value(l, SW_SOURCE_NAME, up, (size_t)(at - up), s->line,
			      &s->v[SW_SOURCE_NAME]) &&
		value(l, s, SW_SOURCE_VERSION, at + 1);
}

/* An rpm's epoch stands beside the version in its URL, and in it everywhere else. */
static const char *
with_epoch(struct software_list *l, const struct purl *p, const char *version)
{
	const char *epoch = purl_qualifier(p, "epoch");

	if (version == NULL || epoch == NULL || strcmp(epoch, "0") == 0 ||
	    strchr(version, ':') != NULL)
		return version;
	return arena_printf(l->arena, "%s:%s", epoch, version);
}

/* Name and version are there; false: the list is full. */
static bool
add(struct software_list *l, struct software *s, const char *purl)
{
	struct purl p;
	const char *why;

	if (purl == NULL) {
		s->v[SW_TYPE] = "generic";
		if (s->v[SW_VERSION] == NULL)
			s->v[SW_VERSION] = "-";
		software_packaged(l, s, NULL);
		return software_add(l, s);
	}
	if (!purl_read(l->arena, purl, &p, &why)) {
		software_fault(l, s->line, "purl", "bad_purl", purl,
			       "パッケージURLとして読めません。",
			       arena_printf(l->arena, "Not a package URL: %s.", why));
		return true;
	}
	if (!software_is_open(l, s->line, "purl", &p))
		return true;
	s->v[SW_TYPE] = p.type;
	s->v[SW_NAME] = purl_full_name(l->arena, &p);
	if (s->v[SW_VERSION] == NULL)
		s->v[SW_VERSION] = p.version == NULL ? "-" : p.version;
	s->v[SW_VERSION] = with_epoch(l, &p, s->v[SW_VERSION]);
	if (!value(l, s, SW_ARCH, purl_qualifier(&p, "arch")) || !upstream(l, s, &p))
		return true;
	s->v[SW_PURL] = purl_text(l->arena, &p);
	return software_add(l, s);
}

/* ---- CycloneDX ------------------------------------------------------------------------------ */

/* Whoever supplies it: a name, or an object with one, by the version of the format. */
static const char *
supplier_of(const json_t *component)
{
	const char *supplier = text_of(json_object_get(component, "supplier"), "name");

	if (supplier == NULL)
		supplier = text_of(component, "publisher");
	return supplier != NULL ? supplier : text_of(component, "author");
}

/* The source package as Trivy writes it. */
static void
read_properties(const json_t *component, const char **ret_name, const char **ret_version)
{
	const json_t *one;
	size_t i;

	json_array_foreach(json_object_get(component, "properties"), i, one) {
		const char *name = text_of(one, "name"), *v = text_of(one, "value");

		if (name == NULL)
			continue;
		if (strcmp(name, "aquasecurity:trivy:SrcName") == 0)
			*ret_name = v;
		else if (strcmp(name, "aquasecurity:trivy:SrcVersion") == 0)
			*ret_version = v;
	}
}

static bool
is_software(const char *type)
{
	static const char *const others[] = { "file", "data", "cryptographic-asset",
		"machine-learning-model", NULL };

	return type == NULL || !str_in(type, others);
}

static bool read_components(struct software_list *l, const json_t *list, int depth);

static bool
read_component(struct software_list *l, const json_t *c, int depth)
{
	struct software s = { .line = (long)(l->n + l->skipped + 1) };
	const char *name = text_of(c, "name"), *group = text_of(c, "group");
	const char *source = NULL, *source_version = NULL;

	if (!json_is_object(c) || name == NULL) {
		software_fault(l, s.line, "components", "bad_component", NULL,
			       "名前のない構成要素です。", "A component without a name.");
		return true;
	}
	read_properties(c, &source, &source_version);
	if (group != NULL)
		name = arena_printf(l->arena, "%s/%s", group, name);
	if (!is_software(text_of(c, "type")))
		l->skipped++;
	else if (value(l, &s, SW_NAME, name) &&
		 value(l, &s, SW_VERSION, text_of(c, "version")) &&
		 value(l, &s, SW_VENDOR, supplier_of(c)) && value(l, &s, SW_SOURCE_NAME, source) &&
		 value(l, &s, SW_SOURCE_VERSION, source_version) &&
		 !add(l, &s, text_of(c, "purl")))
		return false;
	return read_components(l, json_object_get(c, "components"), depth + 1);
}

static bool
read_components(struct software_list *l, const json_t *list, int depth)
{
	const json_t *one;
	size_t i;

	if (depth > SOFTWARE_DEPTH)
		return false; /* the text was counted before: it is not so deep */
	json_array_foreach(list, i, one) {
		if (!read_component(l, one, depth))
			return false;
	}
	return true;
}

void
software_read_cyclonedx(struct software_list *l, const json_t *j)
{
	static const char *const known[] = { "1.2", "1.3", "1.4", "1.5", "1.6", NULL };
	const char *format = text_of(j, "bomFormat"), *version = text_of(j, "specVersion");
	const json_t *list = json_object_get(j, "components");

	if (format == NULL || strcmp(format, "CycloneDX") != 0)
		software_fault(l, 0, "bomFormat", "unknown_format", format,
			       "CycloneDXのJSONではありません。", "No JSON of CycloneDX.");
	else if (version == NULL || !str_in(version, known))
		software_fault(l, 0, "specVersion", "unknown_version", version,
			       "CycloneDXは1.2から1.6までを読みます。",
			       "CycloneDX is read from 1.2 to 1.6.");
	else if (list != NULL && !json_is_array(list))
		software_fault(l, 0, "components", "wrong_type", NULL,
			       "components は配列です。", "components is an array.");
	else
		(void)read_components(l, list, 0);
}

/* ---- SPDX ----------------------------------------------------------------------------------- */

/* "Organization: Debian", "Person: somebody (mail)" */
static const char *
spdx_supplier(const json_t *package)
{
	const char *s = said(text_of(package, "supplier")), *colon;

	if (s == NULL)
		s = said(text_of(package, "originator"));
	colon = s == NULL ? NULL : strstr(s, ": ");
	return colon == NULL ? s : colon + 2;
}

static const char *
spdx_purl(const json_t *package)
{
	const json_t *one;
	size_t i;

	json_array_foreach(json_object_get(package, "externalRefs"), i, one) {
		const char *type = text_of(one, "referenceType");

		if (type != NULL && strcmp(type, "purl") == 0)
			return text_of(one, "referenceLocator");
	}
	return NULL;
}

/* What the document is about (a directory, an image) stands among the packages, too. */
static bool
is_described(const json_t *document, const char *id)
{
	const json_t *one;
	size_t i;

	json_array_foreach(json_object_get(document, "documentDescribes"), i, one) {
		if (str_eq(json_string_value(one), id))
			return true;
	}
	json_array_foreach(json_object_get(document, "relationships"), i, one) {
		if (str_eq(text_of(one, "relationshipType"), "DESCRIBES") &&
		    str_eq(text_of(one, "relatedSpdxElement"), id))
			return true;
		if (i == 100)
			break; /* it is among the first */
	}
	return false;
}

static bool
read_package(struct software_list *l, const json_t *document, const json_t *p)
{
	struct software s = { .line = (long)(l->n + l->skipped + 1) };
	const char *name = text_of(p, "name"), *purl = spdx_purl(p), *id = text_of(p, "SPDXID");
	const char *kind = text_of(p, "primaryPackagePurpose");

	if (!json_is_object(p) || name == NULL) {
		software_fault(l, s.line, "packages", "bad_component", NULL,
			       "名前のないパッケージです。", "A package without a name.");
		return true;
	}
	if ((kind != NULL && strcmp(kind, "FILE") == 0) ||
	    (purl == NULL && id != NULL && is_described(document, id))) {
		l->skipped++;
		return true;
	}
	if (!value(l, &s, SW_NAME, name) ||
	    !value(l, &s, SW_VERSION, said(text_of(p, "versionInfo"))) ||
	    !value(l, &s, SW_VENDOR, spdx_supplier(p)))
		return true;
	return add(l, &s, purl);
}

void
software_read_spdx(struct software_list *l, const json_t *j)
{
	static const char *const known[] = { "SPDX-2.2", "SPDX-2.3", NULL };
	const char *version = text_of(j, "spdxVersion");
	const json_t *list = json_object_get(j, "packages"), *one;
	size_t i;

	if (version == NULL || !str_in(version, known)) {
		software_fault(l, 0, "spdxVersion", "unknown_version", version,
			       "SPDXは2.2と2.3のJSONを読みます。", "SPDX is read as JSON of 2.2 and 2.3.");
		return;
	}
	if (list != NULL && !json_is_array(list)) {
		software_fault(l, 0, "packages", "wrong_type", NULL, "packages は配列です。",
			       "packages is an array.");
		return;
	}
	json_array_foreach(list, i, one) {
		if (!read_package(l, j, one))
			return;
	}
}
