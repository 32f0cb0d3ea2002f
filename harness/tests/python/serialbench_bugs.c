// SPDX-License-Identifier: MIT
//
// An extension module with the bugs that debug hooks are there to find. The
// first three are those that CPython's own tests make.
#include <Python.h>

#include <stddef.h>
#include <string.h>

static PyObject *none(void)
{
	Py_INCREF(Py_None);
	return Py_None;
}

/* Hides from the compiler what it would warn of. */
static void spoil(char *block, ptrdiff_t place)
{
	volatile char *byte = block;

	byte[place] = 'x';
}

static PyObject *buffer_overflow(PyObject *self, PyObject *unused)
{
	char *block = PyMem_Malloc(16);

	(void)self;
	(void)unused;
	if (block == NULL)
		return PyErr_NoMemory();
	spoil(block, 16);
	PyMem_Free(block);
	return none();
}

static PyObject *api_misuse(PyObject *self, PyObject *unused)
{
	char *block = PyMem_Malloc(16);

	(void)self;
	(void)unused;
	if (block == NULL)
		return PyErr_NoMemory();
	PyMem_RawFree(block);
	return none();
}

static PyObject *malloc_without_gil(PyObject *self, PyObject *unused)
{
	void *block;

	(void)self;
	(void)unused;
	Py_BEGIN_ALLOW_THREADS;
	block = PyMem_Malloc(10);
	PyMem_Free(block);
	Py_END_ALLOW_THREADS;
	return none();
}

static PyObject *object_realloc_without_gil(PyObject *self, PyObject *unused)
{
	void *block = PyObject_Malloc(10);

	(void)self;
	(void)unused;
	Py_BEGIN_ALLOW_THREADS;
	block = PyObject_Realloc(block, 20);
	Py_END_ALLOW_THREADS;
	PyObject_Free(block);
	return none();
}

/* Writes before a block that is too large for pymalloc, and lets it grow. */
static PyObject *underflow(PyObject *self, PyObject *unused)
{
	char *block = PyObject_Malloc(6000);

	(void)self;
	(void)unused;
	if (block == NULL)
		return PyErr_NoMemory();
	spoil(block, -2);
	block = PyObject_Realloc(block, 7000);
	PyObject_Free(block);
	return none();
}

/* A raw block needs no GIL. */
static PyObject *raw_without_gil(PyObject *self, PyObject *unused)
{
	void *block;

	(void)self;
	(void)unused;
	Py_BEGIN_ALLOW_THREADS;
	block = PyMem_RawMalloc(10);
	PyMem_RawFree(block);
	Py_END_ALLOW_THREADS;
	return none();
}

/* What realloc promises: contents kept, a size of 0 gives a block. */
static PyObject *realloc_keeps(PyObject *self, PyObject *unused)
{
	static const size_t sizes[] = {1, 100, 500, 600, 5000, 300000, 400, 7};
	unsigned char *block = PyObject_Malloc(1);
	size_t size = 1;

	(void)self;
	(void)unused;
	*block = 0x5a;
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		size_t kept = size < sizes[i] ? size : sizes[i];

		block = PyObject_Realloc(block, sizes[i]);
		for (size_t at = 0; at < kept; at++)
			if (block[at] != 0x5a)
				return PyErr_Format(PyExc_AssertionError,
					"%zu to %zu bytes: byte %zu is %d",
					size, sizes[i], at, block[at]);
		size = sizes[i];
		memset(block, 0x5a, size);
	}
	block = PyObject_Realloc(block, 0);
	if (block == NULL || (size_t)block % 16 != 0)
		return PyErr_Format(PyExc_AssertionError,
			"realloc to 0 bytes gives %p", block);
	PyObject_Free(block);
	return none();
}

static PyMethodDef calls[] = {
	{"buffer_overflow", buffer_overflow, METH_NOARGS, NULL},
	{"api_misuse", api_misuse, METH_NOARGS, NULL},
	{"malloc_without_gil", malloc_without_gil, METH_NOARGS, NULL},
	{"object_realloc_without_gil", object_realloc_without_gil, METH_NOARGS,
		NULL},
	{"underflow", underflow, METH_NOARGS, NULL},
	{"raw_without_gil", raw_without_gil, METH_NOARGS, NULL},
	{"realloc_keeps", realloc_keeps, METH_NOARGS, NULL},
	{NULL, NULL, 0, NULL},
};

static struct PyModuleDef module = {
	PyModuleDef_HEAD_INIT,
	.m_name = "serialbench_bugs",
	.m_size = -1,
	.m_methods = calls,
};

PyMODINIT_FUNC PyInit_serialbench_bugs(void);
PyMODINIT_FUNC PyInit_serialbench_bugs(void)
{
	return PyModule_Create(&module);
}
