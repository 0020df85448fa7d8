/* The page of the bundle; see exchange/bundle.h. */
#ifndef EXCHANGE_BUNDLE_PAGE_H
#define EXCHANGE_BUNDLE_PAGE_H

#include <exchange/bundle.h>

/* Columns of bundle.head. */
enum { HEAD_CODE, HEAD_NAME, HEAD_MADE_AT, HEAD_DAY, HEAD_DESK, HEAD_DESK_CONTACT,
       HEAD_OUTSIDE_DESK, HEAD_OUTSIDE_DESK_CONTACT, HEAD_OMITTED };

/* Columns of bundle.contacts. */
enum { CONTACT_LIST, CONTACT_ASSET, CONTACT_ASSET_NAME, CONTACT_ORDER, CONTACT_OFFICE,
       CONTACT_NAME, CONTACT_PHONE, CONTACT_EMAIL, CONTACT_MEANS, CONTACT_CONTENT,
       CONTACT_CONFIRMED };

/* Columns of bundle.catalogues; from CATALOGUE_SECTIONS on the sections, as JSON. */
enum { CATALOGUE_ASSET, CATALOGUE_NO, CATALOGUE_VERSION, CATALOGUE_SUBMITTED_ON,
       CATALOGUE_SUBMITTED_BY, CATALOGUE_SECTIONS };

/* Columns of bundle.software. */
enum { ITEM_ASSET, ITEM_ASSET_NAME, ITEM_NAME, ITEM_VERSION };

void bundle_page_put(const struct bundle *, struct buf *);

#endif
