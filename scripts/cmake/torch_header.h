// What nearly every torch source of the project includes; precompiled once per build folder.
#pragma once

#include <torch/autograd.h>
#include <torch/nn/init.h>
#include <torch/nn/module.h>
#include <torch/nn/modules/linear.h>
#include <torch/nn/pimpl.h>
#include <torch/optim/optimizer.h>
#include <torch/script.h>
#include <torch/serialize.h>
#include <torch/types.h>
