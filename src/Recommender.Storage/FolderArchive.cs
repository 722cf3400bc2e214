using Recommender.Interactions;
using Recommender.Models;

namespace Recommender.Storage;

/// <summary>Models in a folder of their own each, read and written where they are.</summary>
internal sealed class FolderArchive(ModelFolder folder) : IModelArchive
{
    public Task<ModelCard> SaveAsync(Tenant tenant, TrainedModel model, CancellationToken cancellation) =>
        HereAsync(() => folder.Save(model, cancellation), cancellation);

    public Task<TrainedModel> LoadAsync(Tenant tenant, string modelId, Vocabulary known, CancellationToken cancellation) =>
        HereAsync(() => folder.Load(modelId, known), cancellation);

    /// <summary>Runs long work on the scheduler of whoever asks for it: a caller that yields to others goes on doing so.</summary>
    internal static Task<T> HereAsync<T>(Func<T> work, CancellationToken cancellation) =>
        Task.Factory.StartNew(work, cancellation, TaskCreationOptions.DenyChildAttach, TaskScheduler.Current);

    public Task ExportAsync(Tenant tenant, string modelId, string target, CancellationToken cancellation) =>
        Task.Run(() => folder.CopyOut(modelId, target, cancellation), cancellation);

    public Task ImportAsync(Tenant tenant, string source, CancellationToken cancellation) =>
        Task.Run(() => folder.CopyIn(source, cancellation), cancellation);

    public Task<IReadOnlyList<string>> ListAsync(Tenant tenant, CancellationToken cancellation) => Task.Run(folder.List, cancellation);
}
