/* Lists of software: what package managers print, SBOMs, tables, JSON. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <exchange/software.h>

#include "../suite.h"

static struct arena *arena;
static struct faults faults;
static struct software_list list;

static void
begin(void)
{
	arena = arena_new();
	faults_init(&faults, arena, 100);
}

static void
end(void)
{
	arena_free(arena);
}

static enum err
read_bytes(enum software_format format, const char *text, size_t n, const char *distro)
{
	const char *why = NULL;

	faults_init(&faults, arena, 100);
	software_list_init(&list, arena, &faults, distro);
	return software_read(&list, format, text, n, &why);
}

static enum err
read_as(enum software_format format, const char *text)
{
	return read_bytes(format, text, strlen(text), NULL);
}

static enum err
read_any(const char *text)
{
	return read_as(SOFTWARE__MAX, text);
}

/* "name version purl source sourceversion", '-' for what is not there */
static const char *
line(size_t i)
{
	static const enum software_column shown[] = { SW_NAME, SW_VERSION, SW_PURL, SW_SOURCE_NAME,
						      SW_SOURCE_VERSION };
	const char *text = "";
	size_t k;

	ck_assert_uint_lt(i, list.n);
	for (k = 0; k < ARRAY_SIZE(shown); k++) {
		const char *v = list.v[i].v[shown[k]];

		text = arena_printf(arena, "%s%s%s", text, k == 0 ? "" : " ", v == NULL ? "-" : v);
	}
	return text;
}

static void
expect_fault(size_t i, long at, const char *code)
{
	ck_assert_uint_lt(i, faults.n);
	ck_assert_int_eq(faults.v[i].line, at);
	ck_assert_str_eq(faults.v[i].code, code);
	ck_assert(faults.v[i].ja != NULL && faults.v[i].en != NULL);
}

START_TEST(dpkg_query)
{
	ck_assert_int_eq(read_any("libc6\t2.36-9+deb12u4\tamd64\tglibc\t2.36-9+deb12u4\tii \n"
				  "bind9-libs:i386\t1:9.18.24-1\ti386\tbind9\t1:9.18.24-1\tii \n"
				  "gone\t1.0\tall\tgone\t1.0\trc \n"
				  "held\t1.0\tall\tsrc\t0.9\thi \n"), OK);
	ck_assert_int_eq(list.format, SOFTWARE_DPKG_QUERY);
	ck_assert_uint_eq(list.n, 3);
	ck_assert_uint_eq(list.skipped, 1);
	ck_assert_str_eq(line(0), "libc6 2.36-9+deb12u4 "
		"pkg:deb/debian/libc6@2.36-9%2Bdeb12u4?arch=amd64 glibc 2.36-9+deb12u4");
	ck_assert_str_eq(line(1), "bind9-libs 1:9.18.24-1 "
		"pkg:deb/debian/bind9-libs@1:9.18.24-1?arch=i386 bind9 1:9.18.24-1");
	ck_assert_int_eq(read_bytes(SOFTWARE_DPKG_QUERY, "x\t1\n", 4, "ubuntu-22.04"), OK);
	ck_assert_str_eq(line(0), "x 1 pkg:deb/ubuntu/x@1?distro=ubuntu-22.04 - -");
}
END_TEST

START_TEST(dpkg_query_faults)
{
	ck_assert_int_eq(read_as(SOFTWARE_DPKG_QUERY, "fine\t1.0\tall\n"
		"alone\n"
		"\n"
		"bad name\t1.0\n"
		"x\tno version\n"
		"y\t1\tamd64\ty\t1\tzz \n"
		"z\t1\tamd 64\n"
		"w\t1\tall\tso urce\t1\tii \n"
		"a\tb\tc\td\te\tii \tg\n"), ERR_INVALID);
	expect_fault(0, 2, "column_count");
	expect_fault(1, 4, "bad_package_name");
	expect_fault(2, 5, "bad_version");
	expect_fault(3, 6, "bad_status");
	expect_fault(4, 7, "bad_arch");
	expect_fault(5, 8, "bad_package_name");
	expect_fault(6, 9, "column_count");
	ck_assert_uint_eq(faults.total, 7);
}
END_TEST

START_TEST(dpkg_list)
{
	static const char text[] =
		"Desired=Unknown/Install/Remove/Purge/Hold\n"
		"| Status=Not/Inst/Conf-files/Unpacked/halF-conf/Half-inst/trig-aWait/Trig-pend\n"
		"|/ Err?=(none)/Reinst-required (Status,Err: uppercase=bad)\n"
		"||/ Name           Version          Architecture Description\n"
		"+++-==============-================-============-==========\n"
		"ii  adduser        3.134            all          add and remove users\n"
		"ii  libc6:amd64    2.36-9+deb12u4   amd64        GNU C Library\n"
		"rc  old            1.0              all          removed\n";

	ck_assert_int_eq(read_any(text), OK);
	ck_assert_int_eq(list.format, SOFTWARE_DPKG_LIST);
	ck_assert_uint_eq(list.n, 2);
	ck_assert_str_eq(line(1), "libc6 2.36-9+deb12u4 "
		"pkg:deb/debian/libc6@2.36-9%2Bdeb12u4?arch=amd64 - -");
	ck_assert_int_eq(read_any("ii  x 1 all d\r\nnonsense here\r\n"), ERR_INVALID);
	expect_fault(0, 2, "bad_line");
}
END_TEST

START_TEST(rpm)
{
	ck_assert_int_eq(read_any("bash\t0:5.1.8-9.el9\tx86_64\tbash-5.1.8-9.el9.src.rpm\n"
		"bind-libs\t32:9.16.23-18.el9\tx86_64\tbind-9.16.23-18.el9.src.rpm\n"
		"gpg-pubkey\t0:b86b3716-61e69f29\t(none)\t(none)\n"
		"dnf\t(none):4.1-2.fc39\tnoarch\t(none)\n"), OK);
	ck_assert_int_eq(list.format, SOFTWARE_RPM);
	ck_assert_uint_eq(list.skipped, 1);
	ck_assert_str_eq(line(0), "bash 5.1.8-9.el9 pkg:rpm/bash@5.1.8-9.el9?arch=x86_64 "
		"bash 5.1.8-9.el9");
	ck_assert_str_eq(line(1), "bind-libs 32:9.16.23-18.el9 "
		"pkg:rpm/bind-libs@9.16.23-18.el9?arch=x86_64&epoch=32 bind 9.16.23-18.el9");
	ck_assert_str_eq(line(2), "dnf 4.1-2.fc39 pkg:rpm/fedora/dnf@4.1-2.fc39?arch=noarch - -");
	ck_assert_int_eq(read_bytes(SOFTWARE_RPM, "a\t0:1-2\tnoarch\t(none)", 21, "almalinux-9"),
			 OK);
	ck_assert_str_eq(line(0),
			 "a 1-2 pkg:rpm/almalinux/a@1-2?arch=noarch&distro=almalinux-9 - -");
	ck_assert_int_eq(read_as(SOFTWARE_RPM, "a\t1\tnoarch\t(none)\nb\t0:1-2\tno arch\t(none)\n"
				 "c\t0:1-2\tnoarch\tnonsense\nd\n"), ERR_INVALID);
	expect_fault(0, 1, "bad_version");
	expect_fault(1, 2, "bad_arch");
	expect_fault(2, 3, "bad_package_name");
	expect_fault(3, 4, "column_count");
}
END_TEST

START_TEST(rpm_plain)
{
	ck_assert_int_eq(read_any("bash-5.1.8-9.el9.x86_64\npython3-libs-3.9.18-1.el9_3.x86_64\n"
				  "old-1.2-3\ngpg-pubkey-b86b3716-61e69f29\n"), OK);
	ck_assert_int_eq(list.format, SOFTWARE_RPM_PLAIN);
	ck_assert_uint_eq(list.n, 3);
	ck_assert_str_eq(line(1), "python3-libs 3.9.18-1.el9_3 "
		"pkg:rpm/python3-libs@3.9.18-1.el9_3?arch=x86_64 - -");
	ck_assert_str_eq(line(2), "old 1.2-3 pkg:rpm/old@1.2-3 - -");
	ck_assert_int_eq(read_any("bash-5.1.8-9.el9.x86_64\nnonsense\n"), ERR_INVALID);
	expect_fault(0, 2, "bad_line");
}
END_TEST

START_TEST(cyclonedx)
{
	static const char text[] =
		"{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.5\",\"components\":["
		"{\"type\":\"library\",\"name\":\"libssl3\",\"version\":\"3.0.11-1~deb12u2\","
		"\"supplier\":{\"name\":\"Debian\"},\"purl\":\"pkg:deb/debian/libssl3@3.0.11-1~"
		"deb12u2?arch=amd64&upstream=openssl%403.0.11-1~deb12u2\"},"
		"{\"type\":\"file\",\"name\":\"/etc/passwd\"},"
		"{\"type\":\"library\",\"group\":\"@babel\",\"name\":\"core\",\"version\":\"7.0\","
		"\"purl\":\"pkg:npm/%40babel/core@7.0\",\"components\":["
		"{\"type\":\"library\",\"name\":\"inner\",\"version\":\"1\"},"
		"{\"type\":\"library\",\"name\":\"inner\",\"version\":\"1\"}]},"
		"{\"type\":\"library\",\"name\":\"curl\",\"version\":\"1:7-2\",\"purl\":"
		"\"pkg:rpm/rhel/curl@7-2?arch=x86_64&epoch=1\",\"properties\":[{\"name\":"
		"\"aquasecurity:trivy:SrcName\",\"value\":\"curl-src\"}]},"
		"{\"type\":\"operating-system\",\"name\":\"debian\"}]}";

	ck_assert_int_eq(read_any(text), OK);
	ck_assert_int_eq(list.format, SOFTWARE_CYCLONEDX);
	ck_assert_uint_eq(list.n, 5);
	ck_assert_uint_eq(list.skipped, 1);
	ck_assert_uint_eq(list.repeated, 1);
	ck_assert_str_eq(line(0), "libssl3 3.0.11-1~deb12u2 pkg:deb/debian/libssl3@3.0.11-1~deb12u2"
		"?arch=amd64&upstream=openssl%403.0.11-1~deb12u2 openssl 3.0.11-1~deb12u2");
	ck_assert_str_eq(list.v[0].v[SW_VENDOR], "Debian");
	ck_assert_str_eq(list.v[0].v[SW_ARCH], "amd64");
	ck_assert_str_eq(line(1), "@babel/core 7.0 pkg:npm/%40babel/core@7.0 - -");
	ck_assert_str_eq(line(2), "inner 1 pkg:generic/inner@1 - -");
	ck_assert_str_eq(line(3), "curl 1:7-2 pkg:rpm/rhel/curl@7-2?arch=x86_64&epoch=1 "
		"curl-src -");
	ck_assert_str_eq(line(4), "debian - pkg:generic/debian@- - -");
}
END_TEST

START_TEST(cyclonedx_versions)
{
	static const struct {
		const char *version;
		enum err e;
	} cases[] = { { "1.1", ERR_INVALID }, { "1.2", OK }, { "1.3", OK }, { "1.4", OK },
		      { "1.5", OK }, { "1.6", OK }, { "1.7", ERR_INVALID }, { "", ERR_INVALID } };
	char text[300];

	snprintf(text, sizeof(text), "{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"%s\","
		 "\"components\":[{\"name\":\"x\",\"version\":\"1\",\"type\":\"library\"}]}",
		 cases[_i].version);
	ck_assert_int_eq(read_any(text), cases[_i].e);
	if (cases[_i].e != OK)
		expect_fault(0, 0, "unknown_version");
}
END_TEST

START_TEST(bom_faults)
{
	ck_assert_int_eq(read_any("{\"bomFormat\":\"x\",\"specVersion\":\"1.4\"}"), ERR_INVALID);
	expect_fault(0, 0, "unknown_format");
	ck_assert_int_eq(read_any("{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.4\"}"),
			 ERR_INVALID);
	expect_fault(0, 0, "required");
	ck_assert_int_eq(read_any("{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.4\","
		"\"components\":[{\"version\":\"1\"},{\"name\":\"x\",\"purl\":\"nonsense\"},"
		"{\"name\":\"a\\u202eb\",\"version\":\"1\"}]}"), ERR_INVALID);
	expect_fault(0, 1, "bad_component");
	expect_fault(1, 1, "bad_purl");
	ck_assert_uint_eq(faults.total, 3);
	ck_assert_int_eq(read_any("{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.4\","
		"\"components\":{}}"), ERR_INVALID);
	expect_fault(0, 0, "wrong_type");
	ck_assert_int_eq(read_any("{\"spdxVersion\":\"SPDX-3.0\"}"), ERR_INVALID);
	expect_fault(0, 0, "unknown_version");
	ck_assert_int_eq(read_any("{\"spdxVersion\""), ERR_BAD_JSON);
	ck_assert_int_eq(read_any("{\"a\":1,\"a\":2}"), ERR_BAD_JSON);
}
END_TEST

START_TEST(spdx)
{
	static const char text[] =
		"{\"spdxVersion\":\"SPDX-2.3\",\"SPDXID\":\"SPDXRef-DOCUMENT\",\"packages\":["
		"{\"SPDXID\":\"SPDXRef-root\",\"name\":\"image\"},"
		"{\"SPDXID\":\"SPDXRef-a\",\"name\":\"curl\",\"versionInfo\":\"7.88.1-10\","
		"\"supplier\":\"Organization: Debian\",\"externalRefs\":[{\"referenceCategory\":"
		"\"SECURITY\",\"referenceType\":\"cpe23Type\",\"referenceLocator\":\"cpe\"},"
		"{\"referenceCategory\":\"PACKAGE-MANAGER\",\"referenceType\":\"purl\","
		"\"referenceLocator\":\"pkg:deb/debian/curl@7.88.1-10?arch=amd64\"}]},"
		"{\"SPDXID\":\"SPDXRef-b\",\"name\":\"plain\",\"versionInfo\":\"NOASSERTION\","
		"\"supplier\":\"NOASSERTION\"},"
		"{\"SPDXID\":\"SPDXRef-f\",\"name\":\"f\",\"primaryPackagePurpose\":\"FILE\"}],"
		"\"relationships\":[{\"spdxElementId\":\"SPDXRef-DOCUMENT\",\"relationshipType\":"
		"\"DESCRIBES\",\"relatedSpdxElement\":\"SPDXRef-root\"}]}";

	ck_assert_int_eq(read_any(text), OK);
	ck_assert_int_eq(list.format, SOFTWARE_SPDX);
	ck_assert_uint_eq(list.n, 2);
	ck_assert_uint_eq(list.skipped, 2);
	ck_assert_str_eq(line(0), "curl 7.88.1-10 pkg:deb/debian/curl@7.88.1-10?arch=amd64 - -");
	ck_assert_str_eq(list.v[0].v[SW_VENDOR], "Debian");
	ck_assert_str_eq(line(1), "plain - pkg:generic/plain@- - -");
	ck_assert_ptr_null(list.v[1].v[SW_VENDOR]);
}
END_TEST

START_TEST(table)
{
	ck_assert_int_eq(read_any("ソフトウェア名,版,種類,必要性,サポート終了日\r\n"
		"観測配信,2.0,,配信,令和12年3月31日\r\n"
		"curl,7.88.1-10,deb,,\r\n"), OK);
	ck_assert_int_eq(list.format, SOFTWARE_CSV);
	ck_assert_str_eq(line(0), "観測配信 2.0 "
		"pkg:generic/%E8%A6%B3%E6%B8%AC%E9%85%8D%E4%BF%A1@2.0 - -");
	ck_assert_str_eq(list.v[0].v[SW_SUPPORT_UNTIL], "2030-03-31");
	ck_assert_str_eq(list.v[0].v[SW_PURPOSE], "配信");
	ck_assert_str_eq(line(1), "curl 7.88.1-10 pkg:deb/curl@7.88.1-10 - -");
	ck_assert_int_eq(read_any("purl\npkg:npm/%40a/b@1\n"), OK);
	ck_assert_str_eq(line(0), "@a/b 1 pkg:npm/%40a/b@1 - -");
	ck_assert_int_eq(read_any("name;version\nx;1\n"), OK);
}
END_TEST

START_TEST(table_of_windows)
{
	/* ソフトウェア名,版 / 観測,1 in CP932 */
	static const char text[] = "\x83\x5c\x83\x74\x83\x67\x83\x45\x83\x46\x83\x41\x96\xbc,"
		"\x94\xc5\r\n\x8a\xcf\x91\xaa,1\r\n";

	ck_assert_int_eq(read_bytes(SOFTWARE_CSV, text, sizeof(text) - 1, NULL), OK);
	ck_assert_str_eq(list.v[0].v[SW_NAME], "観測");
	ck_assert_int_eq(read_bytes(SOFTWARE_CSV, "a,b\n\xff\xfe\xfd", 7, NULL), ERR_INVALID);
	expect_fault(0, 0, "bad_charset");
	ck_assert_int_eq(read_bytes(SOFTWARE_CSV, "a\0b", 3, NULL), ERR_INVALID);
	expect_fault(0, 0, "nul");
}
END_TEST

START_TEST(table_faults)
{
	ck_assert_int_eq(read_as(SOFTWARE_CSV, "name,version,purl,type,support_until\n"
		"x,,,,\n,1,,,\ny,1,nonsense,,\nz,1,pkg:deb/z@1,rpm,\nw,1,,Bad Type,\n"
		"v,1,,,someday\nu,1\n"), ERR_INVALID);
	expect_fault(0, 2, "required");
	expect_fault(1, 3, "required");
	expect_fault(2, 4, "bad_purl");
	expect_fault(3, 5, "contradiction");
	expect_fault(4, 6, "bad_type");
	expect_fault(5, 7, "unreadable_date");
	expect_fault(6, 8, "column_count");
	ck_assert_int_eq(read_as(SOFTWARE_CSV, "version,colour,version\n1,2,3\n"), ERR_INVALID);
	expect_fault(0, 1, "unknown_header");
	expect_fault(1, 1, "duplicate_header");
	expect_fault(2, 1, "missing_column");
	ck_assert_int_eq(read_any(""), ERR_INVALID);
	expect_fault(0, 0, "required");
}
END_TEST

START_TEST(by_hand)
{
	ck_assert_int_eq(read_any("{\"software\":[{\"software_name\":\"x\",\"version\":\"1\","
		"\"vendor\":null},{\"purl\":\"pkg:pypi/Django@4.2\"}]}"), OK);
	ck_assert_int_eq(list.format, SOFTWARE_JSON);
	ck_assert_str_eq(line(0), "x 1 pkg:generic/x@1 - -");
	ck_assert_str_eq(line(1), "django 4.2 pkg:pypi/django@4.2 - -");
	ck_assert_str_eq(software_json(&list), "[{\"place\":1,\"origin\":\"form\","
		"\"software_name\":\"x\",\"version\":\"1\",\"type\":\"generic\","
		"\"purl\":\"pkg:generic/x@1\"},{\"place\":2,\"origin\":\"form\","
		"\"software_name\":\"django\",\"version\":\"4.2\",\"type\":\"pypi\","
		"\"purl\":\"pkg:pypi/django@4.2\"}]");
	ck_assert_int_eq(read_any("[{\"software_name\":\"x\"},{\"version\":\"1\"},7,"
		"{\"software_name\":1,\"version\":\"1\"},{\"color\":\"x\"}]"), ERR_INVALID);
	ck_assert_str_eq(faults.v[0].field, "#/software/0/version");
	ck_assert_str_eq(faults.v[1].field, "#/software/1/software_name");
	ck_assert_str_eq(faults.v[2].field, "#/software/2");
	ck_assert_str_eq(faults.v[3].field, "#/software/3/software_name");
	ck_assert_str_eq(faults.v[4].field, "#/software/4/color");
	ck_assert_int_eq(read_any("{\"software\":1}"), ERR_INVALID);
	ck_assert_int_eq(read_any("{\"software\":[],\"more\":1}"), ERR_INVALID);
}
END_TEST

START_TEST(ceilings)
{
	struct buf b;
	int i;

	buf_init(&b, 16 * 1024 * 1024);
	for (i = 0; i <= SOFTWARE_DEPTH; i++)
		buf_addc(&b, '[');
	ck_assert_int_eq(read_any(buf_text(&b)), ERR_INVALID);
	expect_fault(0, 0, "too_deep");
	buf_clear(&b);
	buf_addc(&b, '[');
	for (i = 0; i < SOFTWARE_VALUES; i++)
		buf_adds(&b, "1,");
	ck_assert_int_eq(read_any(buf_text(&b)), ERR_INVALID);
	expect_fault(0, 0, "too_deep");
	buf_clear(&b);
	for (i = 0; i <= SOFTWARE_MAX; i++)
		buf_addf(&b, "p%d\t1\n", i);
	ck_assert_int_eq(read_any(buf_text(&b)), ERR_INVALID);
	expect_fault(0, SOFTWARE_MAX + 1, "too_many");
	buf_release(&b);
}
END_TEST

/* The packages of a real Debian 12. */
START_TEST(a_real_machine)
{
	const char *data = getenv("DAICHO_DATA");
	char path[400], *text;
	size_t n, i;
	FILE *f;

	if (data == NULL || data[0] == '\0')
		return;
	snprintf(path, sizeof(path), "%s/inventory/dpkg-query-bookworm.tsv", data);
	f = fopen(path, "rb");
	if (f == NULL)
		return;
	text = arena_alloc(arena, 4 * 1024 * 1024);
	n = fread(text, 1, 4 * 1024 * 1024 - 1, f);
	fclose(f);
	ck_assert_int_eq(read_bytes(SOFTWARE__MAX, text, n, "debian-12"), OK);
	ck_assert_int_eq(list.format, SOFTWARE_DPKG_QUERY);
	ck_assert_uint_gt(list.n, 1000);
	ck_assert_uint_eq(list.repeated, 0);
	for (i = 0; i < list.n; i++) {
		ck_assert(str_starts(list.v[i].v[SW_PURL], "pkg:deb/debian/"));
		ck_assert_ptr_nonnull(list.v[i].v[SW_SOURCE_NAME]);
		ck_assert_ptr_nonnull(strstr(list.v[i].v[SW_PURL], "distro=debian-12"));
	}
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("software");
	TCase *c = tcase_create("software");

	tcase_add_checked_fixture(c, begin, end);
	tcase_add_test(c, dpkg_query);
	tcase_add_test(c, dpkg_query_faults);
	tcase_add_test(c, dpkg_list);
	tcase_add_test(c, rpm);
	tcase_add_test(c, rpm_plain);
	tcase_add_test(c, cyclonedx);
	tcase_add_loop_test(c, cyclonedx_versions, 0, 8);
	tcase_add_test(c, bom_faults);
	tcase_add_test(c, spdx);
	tcase_add_test(c, table);
	tcase_add_test(c, table_of_windows);
	tcase_add_test(c, table_faults);
	tcase_add_test(c, by_hand);
	tcase_add_test(c, ceilings);
	tcase_add_test(c, a_real_machine);
	suite_add_tcase(s, c);
	return suite_run(s);
}
