using System.Text;
using Recommender.Cli.Terminal;
using Recommender.Interactions;
using Recommender.MlNet;
using Recommender.Models;
using Recommender.Server;

namespace Recommender.Cli.Commands;

/// <summary>What takes part in a comparison: a recipe, of which a model is trained, or a model that is there.</summary>
/// <param name="Name">For tables.</param>
/// <param name="Recipe">How it is trained; null for a model that is there.</param>
/// <param name="Confidence">How it reads events.</param>
/// <param name="LoadAsync">Reads the version that is there.</param>
internal sealed record Contender(string Name, Recipe? Recipe, ConfidenceOptions Confidence, Func<CancellationToken, Task<TrainedModel>>? LoadAsync = null)
{
    /// <summary>A model of ML.NET's; null for all others.</summary>
    public SavedModel? Saved { get; init; }
}

/// <param name="Model">As it was read.</param>
/// <param name="Origin">File, hash and columns.</param>
internal sealed record SavedModel(MatrixFactorizationModel Model, string Origin);

/// <summary>Finds what the command line names.</summary>
internal static class Contenders
{
    public static Contender Of(string name, Recipe recipe) => new(name, recipe, recipe.Confidence);

    /// <exception cref="InputException">A file is named twice, or is no recipe.</exception>
    public static Contender[] Recipes(FileInfo[] files) => [.. Named("--recipe", files).Select(one => Of(one.Name, RecipeFile.Read(one.File)))];

    /// <summary>Read before anything is trained, so that a wrong file costs nobody a training.</summary>
    /// <exception cref="InputException">A file is named twice, or is not there.</exception>
    /// <exception cref="InvalidModelException">One is no such model.</exception>
    public static async Task<Contender[]> OfMlNetAsync(FileInfo[] files, string? userColumn, Screen screen, CancellationToken cancellation)
    {
        var contenders = new List<Contender>();
        foreach (var (name, file) in Named("--mlnet", files))
        {
            var model = MlNetFile.Read(file, userColumn, screen);
            var saved = new SavedModel(model, await MlNetFile.OriginAsync(file, model, cancellation));
            // It reads no events: the weights say what counts as the history that is left out.
            contenders.Add(new Contender(name, Recipe: null, new Recipe().Confidence) { Saved = saved });
        }
        return [.. contenders];
    }

    /// <exception cref="InputException">There is no such version.</exception>
    public static async Task<Contender[]> VersionsAsync(Shop shop, string[] named, CancellationToken cancellation)
    {
        if (named.Length == 0) return [];
        var known = await shop.Models.ListAsync(cancellation);
        string[] ids = [.. named.Select(name => name != "live" ? name
            : shop.Models.LiveId ?? throw new InputException("no version is live; train one, or name another with --model"))];
        if (ids.Distinct(StringComparer.Ordinal).Count() < ids.Length)
            throw new InputException($"--model {string.Join(", ", ids)}: a version is named twice; it does not differ from itself");
        return [.. ids.Select(id =>
        {
            if (known.FirstOrDefault(version => version.Id == id) is not { } version)
            {
                string others = known.Count == 0 ? "there is none yet" : $"there are {string.Join(", ", known.Take(5).Select(one => one.Id))}";
                throw new InputException($"there is no version {id}; {others}");
            }
            var card = ModelCard.Parse(Encoding.UTF8.GetBytes(version.Card));
            return new Contender(id, Recipe: null, card.Recipe.Confidence, stop => shop.Store.Archive.LoadAsync(shop.Tenant, id, Vocabulary.Empty, stop));
        })];
    }

    // Two files of one name are told apart by their paths.
    private static IEnumerable<(string Name, FileInfo File)> Named(string option, FileInfo[] files)
    {
        foreach (var file in files)
        {
            if (files.Count(other => other.FullName == file.FullName) > 1)
                throw new InputException($"{option} {file} is named twice; nothing differs from itself");
            yield return (files.Count(other => other.Name == file.Name) > 1 ? file.ToString() : file.Name, file);
        }
    }
}
