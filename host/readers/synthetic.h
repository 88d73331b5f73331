#pragma once

#include "engine/data/dataset.h"
#include "host/readers/dataset_spec.h"
#include "host/readers/read_progress.h"
#include "kernels/support/context.h"

namespace matinee::host {

// Draws spec.rating_count ratings, exactly, of spec.users users, each with at least one, on spec.items items:
// - how many a user rates is log-normal; ratings stand by user, times rise within a user;
// - what a user rates follows a shifted power law of popularity times the user's taste, without replacement;
// - the rating is mean + user bias + item bias + taste + noise, rounded to the grid, where
//   taste = the product of latent factors of user and item.
// External ids are 1, 2, 3 …. Every draw is by Philox from (synthetic_seed, user): the threads do not matter.
engine::Dataset draw_dataset(Context& context, const DatasetSpec& spec, engine::IdMap users, engine::IdMap items,
                             const ReadProgress& progress = {});

}  // namespace matinee::host
