/* bundle: what 機関CSIRT needs when the network is down, into a directory. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cli/cli.h>
#include <exchange/table.h>

#define PART_MAX (1024 * 1024 * 1024)

/* Only for whoever runs the command: the files are 機密性3. */
const char *
bundle_open(struct cli *c, const struct cli_args *a)
{
	const char *out = cli_option(a, "out");
	int dir, i;

	if (out == NULL || out[0] == '\0' || cli_option(a, "institution") == NULL)
		return "--institution CODE and --out DIR are needed";
	if (mkdir(out, 0700) != 0 && errno != EEXIST)
		return "the directory cannot be made";
	dir = open(out, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (dir < 0)
		return "the directory cannot be opened";
	for (i = 0; i < BUNDLE_PART__MAX; i++) {
		c->parts[i] = openat(dir, bundle_part_file((enum bundle_part)i),
				     O_WRONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
		if (c->parts[i] < 0 || fchmod(c->parts[i], 0600) != 0)
			break;
	}
	close(dir);
	return i < BUNDLE_PART__MAX ? "a file cannot be written there" : NULL;
}

/* Made whole first: until then the file is what it was. */
static enum err
write_part(const struct bundle *b, enum bundle_part part, int fd)
{
	struct buf text;
	enum err e = ERR_INTERNAL;

	buf_init(&text, PART_MAX);
	bundle_put(b, part, &text);
	if (!text.failed && ftruncate(fd, 0) == 0)
		e = table_flush(&text, fd);
	if (e == OK && fsync(fd) != 0 && errno != EINVAL)
		e = ERR_INTERNAL;
	buf_release(&text);
	return e;
}

int
cmd_bundle(struct cli *c, const struct cli_args *a)
{
	const char *institution = cli_option(a, "institution"), *out = cli_option(a, "out");
	struct bundle b;
	enum err e = bundle_load(&c->tx, institution, "all", &b);
	int i;

	if (e == ERR_NOT_FOUND)
		return cli_fail(institution, "no such institution");
	for (i = 0; i < BUNDLE_PART__MAX && e == OK; i++)
		e = write_part(&b, (enum bundle_part)i, c->parts[i]);
	if (e != OK)
		return cli_error(c, "bundle", e);
	for (i = 0; i < BUNDLE_PART__MAX; i++)
		printf("%s/%s\n", out, bundle_part_file((enum bundle_part)i));
	printf("%d important servers, %d contacts, %d packages; 機密性3\n", PQntuples(b.servers),
	       PQntuples(b.contacts), PQntuples(b.software));
	return 0;
}
