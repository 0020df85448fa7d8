/* What is said of a document that is filed. */
#ifndef API_ATTACHMENTS_H
#define API_ATTACHMENTS_H

#include <ledger/value.h>

enum { ATTACH_KIND, ATTACH_NAME, ATTACH_LEVEL, ATTACH_KEEP, ATTACH_NOTE, ATTACH_SHA256,
       ATTACH__MAX };

extern const struct field attach_fields[ATTACH__MAX];

/* RFC 9530: the SHA-256 in a header Content-Digest or Repr-Digest; false: there is none. */
bool digest_read(const char *header, uint8_t ret[32]) MUST;

/* "sha-256=:…:" of hexadecimal digits. */
const char *digest_text(struct arena *, const char *hex);

#endif
