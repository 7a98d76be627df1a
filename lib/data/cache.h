/* SPDX-License-Identifier: MIT
 *
 * Decoded digits, kept in build/data/ as one raw file, so that a program that
 * starts a second time need not unpack, check or draw them again.
 *
 *     if (!cache_load(digits, key)) {
 *         (make the digits)
 *         cache_store(digits, key);
 *     }
 */
#ifndef DATA_CACHE_H
#define DATA_CACHE_H

#include "data/digits.h"

/* Fills in train, test and digest if the digits of this origin are there, were
 * made from what the key says, and are undamaged. The images then lie in the
 * file as it is mapped into memory: release them with cache_unload. */
bool cache_load(Digits *digits, const char *key);
void cache_unload(Digits *digits);

/* Replaces the file of this origin in one step. A cache that cannot be written
 * is no error: the next program is slower, that is all. */
void cache_store(const Digits *digits, const char *key);

#endif
