using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;

namespace Recommender.Grpc.Server;

/// <summary>Gives each call its service object: the container's own, or else one made for the call and disposed after it.</summary>
internal static class ServiceActivator<TService> where TService : class
{
    private static readonly ObjectFactory<TService> _factory = ActivatorUtilities.CreateFactory<TService>([]);

    private static readonly bool _isDisposable =
        typeof(IDisposable).IsAssignableFrom(typeof(TService)) || typeof(IAsyncDisposable).IsAssignableFrom(typeof(TService));

    /// <param name="disposeAfterCall">True if the object was made for this call and wants to be disposed.</param>
    public static TService Get(ServerCallContext context, out bool disposeAfterCall)
    {
        var services = context.GetHttpContext().RequestServices;
        if (services.GetService<TService>() is { } registered)
        {
            disposeAfterCall = false;
            return registered;
        }
        disposeAfterCall = _isDisposable;
        return _factory(services, null);
    }

    public static async Task<T> DisposeAfter<T>(TService service, Task<T> call)
    {
        try
        {
            return await call.ConfigureAwait(false);
        }
        finally
        {
            await DisposeAsync(service).ConfigureAwait(false);
        }
    }

    public static async Task DisposeAfter(TService service, Task call)
    {
        try
        {
            await call.ConfigureAwait(false);
        }
        finally
        {
            await DisposeAsync(service).ConfigureAwait(false);
        }
    }

    private static ValueTask DisposeAsync(TService service)
    {
        if (service is IAsyncDisposable asynchronous)
            return asynchronous.DisposeAsync();
        ((IDisposable)service).Dispose();
        return ValueTask.CompletedTask;
    }
}
