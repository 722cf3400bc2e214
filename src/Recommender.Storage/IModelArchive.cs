using Recommender.Interactions;
using Recommender.Models;

namespace Recommender.Storage;

/// <summary>The trained models themselves, whole and checked; which there are and which is live is <see cref="IModelRegistry"/>'s.</summary>
public interface IModelArchive
{
    /// <summary>Keeps a model and returns its card, checksums included. Whole and durable when it returns, or not there.</summary>
    /// <exception cref="IOException">A model of that id is there, or there is no room; nothing is left behind.</exception>
    Task<ModelCard> SaveAsync(Tenant tenant, TrainedModel model, CancellationToken cancellation);

    /// <summary>Reads a model to serve from.</summary>
    /// <param name="tenant">Whose.</param>
    /// <param name="modelId">Which.</param>
    /// <param name="known">Items that somebody holds in memory already, as those of the live model; their ids are not held twice.</param>
    /// <param name="cancellation">Nothing was changed.</param>
    /// <exception cref="InvalidModelException">It is not there, or what is there is damaged; says where.</exception>
    Task<TrainedModel> LoadAsync(Tenant tenant, string modelId, Vocabulary known, CancellationToken cancellation);

    /// <summary>Writes the files of a model, as they are, into a new folder: for a person, or another store.</summary>
    /// <exception cref="InvalidModelException">It is not there.</exception>
    Task ExportAsync(Tenant tenant, string modelId, string folder, CancellationToken cancellation);

    /// <summary>Keeps a model whose files are in a folder, as they are. One that is there already is left as it is.</summary>
    /// <exception cref="InvalidModelException">The files are no model, or damaged.</exception>
    Task ImportAsync(Tenant tenant, string folder, CancellationToken cancellation);

    /// <summary>Ids of the models that are there whole, newest first.</summary>
    Task<IReadOnlyList<string>> ListAsync(Tenant tenant, CancellationToken cancellation);
}
