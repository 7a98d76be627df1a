/* SPDX-License-Identifier: MIT */
#include "base/sha256.h"

#include <stdio.h>
#include <string.h>

enum { BLOCK = 64 };

/* The first 32 bits of the fractions of the cube roots of the first 64 primes:
 * numbers that nobody can have chosen for a purpose. */
static const uint32_t k[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1,
    0x923f82a4, 0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3,
    0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786,
    0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147,
    0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13,
    0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b,
    0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a,
    0x5b9cca4f, 0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208,
    0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

static uint32_t rotate(uint32_t x, int n)
{
    return x >> n | x << (32 - n);
}

static void add_block(uint32_t h[8], const uint8_t block[BLOCK])
{
    uint32_t w[64];
    uint32_t s[8];         /* the working variables a, b, ..., h */

    for (int i = 0; i < 16; i++, block += 4)
        w[i] = (uint32_t)block[0] << 24 | (uint32_t)block[1] << 16
             | (uint32_t)block[2] << 8 | block[3];
    for (int i = 16; i < 64; i++) {
        const uint32_t x = w[i - 15], y = w[i - 2];
        w[i] = w[i - 16] + (rotate(x, 7) ^ rotate(x, 18) ^ x >> 3)
             + w[i - 7] + (rotate(y, 17) ^ rotate(y, 19) ^ y >> 10);
    }
    memcpy(s, h, sizeof s);
    for (int i = 0; i < 64; i++) {
        const uint32_t a = s[0], b = s[1], c = s[2];
        const uint32_t e = s[4], f = s[5], g = s[6];
        const uint32_t t = s[7] + k[i] + w[i] + ((e & f) ^ (~e & g))
                         + (rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25));
        const uint32_t u = ((a & b) ^ (a & c) ^ (b & c))
                         + (rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22));
        s[7] = g;
        s[6] = f;
        s[5] = e;
        s[4] = s[3] + t;
        s[3] = c;
        s[2] = b;
        s[1] = a;
        s[0] = t + u;
    }
    for (int i = 0; i < 8; i++)
        h[i] += s[i];
}

/* The start values: fractions of the square roots of the first 8 primes. */
void sha256_start(Sha256 *s)
{
    *s = (Sha256){ .h = { 0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                          0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19 } };
}

void sha256_add(Sha256 *s, const void *bytes, size_t n)
{
    const uint8_t *p = bytes;

    while (n > 0) {
        const size_t used = s->length % BLOCK;
        const size_t taken = n < BLOCK - used ? n : BLOCK - used;
        if (taken == BLOCK) {
            add_block(s->h, p);
        } else {
            memcpy(s->block + used, p, taken);
            if (used + taken == BLOCK)
                add_block(s->h, s->block);
        }
        s->length += taken;
        p += taken;
        n -= taken;
    }
}

/* The end is marked by one bit, filled up with zeros so that the length in
 * bits, in eight bytes, closes a block. */
void sha256_end(Sha256 *s, char hex[65])
{
    static const uint8_t padding[BLOCK] = { 0x80 };
    const uint64_t bits = 8 * s->length;
    const size_t used = s->length % BLOCK;
    const size_t blocks = used < BLOCK - 8 ? 1 : 2;
    uint8_t length[8];

    for (int i = 0; i < 8; i++)
        length[i] = (uint8_t)(bits >> (56 - 8 * i));
    sha256_add(s, padding, blocks * BLOCK - 8 - used);
    sha256_add(s, length, sizeof length);
    for (int i = 0; i < 8; i++)
        snprintf(hex + 8 * i, 9, "%08x", (unsigned)s->h[i]);
}

void sha256_hex(char hex[65], const void *bytes, size_t n)
{
    Sha256 s;

    sha256_start(&s);
    sha256_add(&s, bytes, n);
    sha256_end(&s, hex);
}
