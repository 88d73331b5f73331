#pragma once

#include "host/config/job.h"

namespace matinee::host {

// Whether there are titles that can be searched for.
bool has_titles(const DatasetSpec& dataset);

// Whether a model has interest vectors of directors, movies and users: it makes vectors of texts, and there are titles
// to make them of.
bool makes_interest(const DatasetSpec& dataset, const ModelSpec& spec);

// Whether a model has vectors of users and items that a search for a user can go by.
bool makes_taste(const DatasetSpec& dataset, const ModelSpec& spec);

// The model whose vectors a search for a user goes by: the one that the job names; else the first that makes interest
// vectors; else the first with vectors of users and items; null: there is none.
const ModelSpec* search_model(const Job& job);

}  // namespace matinee::host
