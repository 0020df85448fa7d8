/* Schemas and examples of the ledgers, read off their descriptors. */
#include <string.h>

#include "../ledger/format.h"
#include "openapi_parts.h"
