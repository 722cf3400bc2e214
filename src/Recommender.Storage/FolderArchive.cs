using Recommender.Models;

namespace Recommender.Storage;

/// <summary>Models in a folder of their own each, read and written where they are.</summary>
internal sealed class FolderArchive(ModelFolder folder) : IModelArchive
{
    public Task<ModelCard> SaveAsync(Tenant tenant, TrainedModel model, CancellationToken cancellation) =>
        Task.Run(() => folder.Save(model, cancellation), cancellation);

    public Task<TrainedModel> LoadAsync(Tenant tenant, string modelId, CancellationToken cancellation) =>
        Task.Run(() => folder.Load(modelId), cancellation);

    public Task ExportAsync(Tenant tenant, string modelId, string target, CancellationToken cancellation) =>
        Task.Run(() => folder.CopyOut(modelId, target, cancellation), cancellation);

    public Task ImportAsync(Tenant tenant, string source, CancellationToken cancellation) =>
        Task.Run(() => folder.CopyIn(source, cancellation), cancellation);

    public Task<IReadOnlyList<string>> ListAsync(Tenant tenant, CancellationToken cancellation) => Task.Run(folder.List, cancellation);
}
