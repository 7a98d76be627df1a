/* SPDX-License-Identifier: MIT
 *
 * The folder of the project, found from the program and not from the folder in
 * which somebody happens to stand. Every main begins with
 *
 *     root_enter(argv);
 *
 * From then on "build/runs" and "figures" are those of the project.
 */
#ifndef BASE_ROOT_H
#define BASE_ROOT_H

/* Checks the settings; then the current folder becomes the first folder above
 * the program that holds the project (or PROJECT, where that is set). Folders
 * in the environment and argv[0] keep their meaning: they become absolute if
 * the folder changes. A program that has no project around it stops here, in
 * one line. */
void root_enter(char **argv);

/* A path that was given on the command line, as seen from where the program
 * was started; an absolute one, and one that is not there, stays as it is.
 * Release it never: it lives as long as the program. */
char *root_path(char *path);

#endif
