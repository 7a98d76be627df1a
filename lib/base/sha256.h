/* SPDX-License-Identifier: MIT
 *
 * SHA-256 (FIPS 180-4): the name of a piece of data by its content.
 *
 *     char hex[65];
 *     sha256_hex(hex, "abc", 3);       "ba7816bf 8f01cfea ..." without spaces
 */
#ifndef BASE_SHA256_H
#define BASE_SHA256_H

#include <stddef.h>
#include <stdint.h>

#include "base/check.h"

typedef struct Sha256 {
    uint32_t h[8];         /* the digest of the blocks so far */
    uint8_t block[64];     /* bytes that do not fill a block yet */
    uint64_t length;       /* bytes added */
} Sha256;

/* In pieces. The digest is 64 hexadecimal digits and a '\0'. */
void sha256_start(Sha256 *s);
void sha256_add(Sha256 *s, const void *bytes, size_t n);
void sha256_end(Sha256 *s, char hex[65]);

/* Of n bytes. */
void sha256_hex(char hex[65], const void *bytes, size_t n);


#endif
